"""One post as a row of the published schema `detector.post/1`: what JSON Lines and Parquet write."""

from __future__ import annotations

import json
from collections.abc import Sequence

import msgspec

from detector.checked import Checked, finding_id, text_checksum
from detector.finding import Edit, Finding, Fix, Reason
from detector.post import Origin
from detector.reading import DisclaimerReading

SCHEMA = "detector.post/1"


class FindingRecord(msgspec.Struct):
    """A finding; offsets are code points of the post's field, end exclusive."""

    id: str
    rule: str
    kind: str | None
    target: str | None
    field: str
    start: int
    end: int
    text: str
    probability: float | None
    severity: str
    message: str
    disclaimer: str | None
    integrity: str | None
    edits: Sequence[Edit]
    fix: Fix | None
    reasons: Sequence[Reason]


class DisclaimerRecord(msgspec.Struct):
    """What became of the disclaimer that stands for the post."""

    id: str
    version: str
    variant: str
    integrity: str
    states: Sequence[str]
    start: int
    end: int
    edits: Sequence[Edit]
    note: str


class PostRecord(msgspec.Struct):
    """A post with all that was found in it. `sha256` is of the post's own text."""

    schema: str
    id: str
    origin: Origin
    author: str | None
    created: str | None
    parent: str | None
    url: str | None
    language: str
    abstained: bool
    sha256: str
    score: float | None
    findings: Sequence[FindingRecord]
    disclaimer: DisclaimerRecord | None


def post_record(checked: Checked, *, policy_checksum: str) -> PostRecord:
    """The row for one post."""
    post = checked.post
    checksum = text_checksum(post.text)
    return PostRecord(
        SCHEMA,
        post.id,
        post.origin,
        post.author,
        post.created,
        post.parent,
        post.url,
        checked.language,
        checked.abstained,
        checksum,
        checked.score,
        [
            _finding_record(each, finding_id(each, text_checksum=checksum, policy_checksum=policy_checksum))
            for each in checked.findings
        ],
        _disclaimer_record(checked.disclaimer) if checked.disclaimers or checked.findings else None,
    )


def _finding_record(finding: Finding, identity: str) -> FindingRecord:
    return FindingRecord(
        identity,
        finding.rule,
        finding.kind,
        finding.target,
        finding.field,
        finding.start,
        finding.end,
        finding.text,
        finding.probability,
        finding.severity.label,
        finding.message,
        finding.disclaimer,
        finding.integrity,
        finding.edits,
        finding.fix,
        finding.reasons,
    )


def _disclaimer_record(reading: DisclaimerReading | None) -> DisclaimerRecord | None:
    if reading is None:
        return None
    return DisclaimerRecord(
        reading.id,
        reading.version,
        reading.variant,
        reading.integrity,
        reading.states or (reading.integrity,),
        reading.start,
        reading.end,
        reading.edits,
        reading.note,
    )


_ENCODER = msgspec.json.Encoder()


def to_json(value: object) -> bytes:
    """Compact JSON as UTF-8; an unpaired surrogate, which UTF-8 cannot hold, is written as its escape."""
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(value), separators=(",", ":")).encode("ascii")
