"""SARIF 2.1.0 for code scanning: all rules declared, stable fingerprints, within the uploaders' limits.

Source: OASIS SARIF 2.1.0; GitHub's limits for uploads as read 22 Nov 2026.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, BinaryIO
from urllib.parse import quote

from detector.checked import Checked, RuleNote, Run, finding_id, text_checksum
from detector.finding import Finding, Severity
from detector.post import Post
from detector.reports.parts import words
from detector.reports.parts.places import Place, Places, record_words
from detector.reports.parts.record import to_json
from detector.reports.parts.worst import Worst, rank_of

SUFFIX = ".sarif"
BINARY = False

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 25_000
MOST_BYTES = 60_000_000
MOST_REJECTIONS = 100
LONGEST_MESSAGE = 1_000
LONGEST_SNIPPET = 2_000
LEVELS = {Severity.NOTICE: "note", Severity.WARNING: "warning", Severity.ERROR: "error"}


def render(stream: Iterable[Checked], run: Run, out: BinaryIO) -> None:
    """The worst 25,000 findings, worst first; what is over that is counted in a notification."""
    worst = Worst(most_findings=MOST_RESULTS, most_bytes=MOST_BYTES)
    for checked in stream:
        if checked.findings or checked.suppressed:
            _keep_worst(worst, checked, run.policy_checksum)
    head, tail = _log(run, worst)
    out.write(head)
    for number, result in enumerate(worst.ordered()):
        out.write((b",\n" if number else b"\n") + result)
    out.write(tail)


def _keep_worst(worst: Worst, checked: Checked, policy_checksum: str) -> None:
    checksum = text_checksum(checked.post.text)
    places = Places(checked.post, "code_points")
    reasons: list[tuple[Finding, str | None]] = [(each, None) for each in checked.findings]
    reasons += [(each.finding, each.reason) for each in checked.suppressed]
    for finding, reason in reasons:
        identity = finding_id(finding, text_checksum=checksum, policy_checksum=policy_checksum)
        result = _result(checked.post, finding, identity, places.of(finding))
        if reason is not None:
            result["suppressions"] = [{"kind": "inSource", "justification": reason}]
        worst.add((*rank_of(finding), 0), to_json(result))


def _log(run: Run, worst: Worst) -> tuple[bytes, bytes]:
    """The log around its results: what stands before them and what after."""
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver(run)},
                "columnKind": "unicodeCodePoints",
                "invocations": [_invocation(run, worst)],
                "properties": {
                    "model": run.model_checksum,
                    "policy": run.policy,
                    "policyChecksum": run.policy_checksum,
                    "thresholds": dict(run.thresholds),
                    "posts": run.tally.posts,
                    "findings": run.tally.findings.total(),
                },
                "results": [],
            }
        ],
    }
    whole = to_json(log)
    closing = len(b"]}]}")
    return whole[:-closing], b"\n" + whole[-closing:] + b"\n"


def _driver(run: Run) -> dict[str, Any]:
    known = {note.name for note in run.rules}
    others = [RuleNote(name, name.replace("_", " ")) for name in sorted(run.tally.flagged_by) if name not in known]
    return {
        "name": "detector",
        "version": run.version,
        "semanticVersion": run.version,
        "rules": [_rule(note) for note in (*run.rules, *others)],
    }


def _rule(note: RuleNote) -> dict[str, Any]:
    return {
        "id": note.name,
        "shortDescription": {"text": note.summary},
        "fullDescription": {"text": note.why or note.summary},
        "help": {"text": " ".join(filter(None, (note.why or note.summary, note.source and f"Source: {note.source}")))},
        "properties": {"tags": ["compliance", "investing"]},
    }


def _invocation(run: Run, worst: Worst) -> dict[str, Any]:
    notes = [_notification("warning", f"unreadable: {each}") for each in run.tally.rejections[:MOST_REJECTIONS]]
    if run.tally.rejected > MOST_REJECTIONS:
        notes.append(_notification("warning", f"{run.tally.rejected - MOST_REJECTIONS:,} more unreadable records"))
    if worst.left_out:
        left_out = f"{worst.left_out:,} less severe findings are not listed: a run holds {MOST_RESULTS:,}"
        notes.append(_notification("warning", left_out))
    if run.tally.suppressed:
        notes.append(_notification("note", words.let_stand(run)))
    return {"executionSuccessful": not run.tally.interrupted, "toolExecutionNotifications": notes}


def _notification(level: str, text: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": text[:LONGEST_MESSAGE]}}


def _result(post: Post, finding: Finding, identity: str, place: Place) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": LEVELS[finding.severity],
        "message": {"text": f"{record_words(post)}: {finding.message}"[:LONGEST_MESSAGE]},
        "locations": [_location(post, finding, place)],
        "partialFingerprints": {
            "finding/v1": identity,
            # GitHub knows an alert by this one; the post's id keeps two posts of one wording apart.
            "primaryLocationLineHash": _line_hash(identity, post),
        },
        "properties": {
            "kind": finding.kind,
            "target": finding.target,
            "disclaimer": finding.disclaimer,
            "integrity": finding.integrity,
            "field": finding.field,
            "start": finding.start,
            "end": finding.end,
        },
    }
    if finding.probability is not None:
        result["rank"] = round(100 * finding.probability, 2)
    return result


def _line_hash(identity: str, post: Post) -> str:
    return hashlib.sha256(f"{identity}\0{post.id}".encode("utf-8", "surrogatepass")).hexdigest()[:16] + ":1"


def _location(post: Post, finding: Finding, place: Place) -> dict[str, Any]:
    physical = {"artifactLocation": {"uri": _uri(place.file)}, "region": _region(finding, place)}
    logical = {"name": post.id, "fullyQualifiedName": f"{place.file}#{post.origin.record}", "kind": "object"}
    return {"physicalLocation": physical, "logicalLocations": [logical]}


def _region(finding: Finding, place: Place) -> dict[str, Any]:
    if place.start is None or place.end is None:
        return {"startLine": place.line or 1}  # uploaders want a line; the message names the record
    return {
        "startLine": place.start.line,
        "startColumn": place.start.column,
        "endLine": place.end.line,
        "endColumn": place.end.column,
        "snippet": {"text": finding.text[:LONGEST_SNIPPET]},
    }


def _uri(file: str) -> str:
    return quote(file.replace("\\", "/").encode("utf-8", "surrogatepass"), safe="/")
