"""Vale's JSON, which many editor plug-ins read: findings by file; columns are characters, both ends counted.

Source: Vale's `internal/core/alert.go`, read 22 Nov 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO

from detector.checked import Checked, Run
from detector.finding import Finding, Severity
from detector.post import Post
from detector.reports.parts.places import Places, record_words
from detector.reports.parts.record import to_json

SUFFIX = ".vale"
BINARY = False

SPOOLED_BYTES = 8_000_000
SEVERITIES = {Severity.NOTICE: "suggestion", Severity.WARNING: "warning", Severity.ERROR: "error"}
_LINE_END = re.compile(r"[\r\n]|\Z")


def render(stream: Iterable[Checked], run: Run, out: BinaryIO) -> None:  # noqa: ARG001 findings name no totals
    """One object. A file's findings stand under its name once, wherever in the export its posts stood: they are set
    aside in a temporary file, so that memory does not grow with them."""
    parts: dict[str, list[tuple[int, int]]] = {}
    with SpooledTemporaryFile(max_size=SPOOLED_BYTES) as aside:
        for checked in stream:
            if checked.findings:
                start = aside.tell()
                places = Places(checked.post, "code_points")
                aside.write(b",\n".join(to_json(_alert(checked.post, each, places)) for each in checked.findings))
                parts.setdefault(checked.post.origin.file, []).append((start, aside.tell()))
        between = b"{\n"
        for file, stretches in parts.items():
            out.write(between + to_json(file) + b":")
            for number, (start, end) in enumerate(stretches):
                aside.seek(start)
                out.write((b",\n" if number else b"[\n") + aside.read(end - start))
            out.write(b"]")
            between = b",\n"
    out.write(b"\n}\n" if parts else b"{}\n")


def _alert(post: Post, finding: Finding, places: Places) -> dict[str, Any]:
    place = places.of(finding)
    first, last = 1, 1
    if place.start and place.end:
        first = place.start.column
        # What goes on in the next line is marked up to the end of its first one.
        end = finding.end if place.end.line == place.start.line else _line_end(post, finding.start)
        last = max(first, first + end - finding.start - 1)
    return {
        "Action": _action(finding) if place.start else {"Name": "", "Params": None},
        "Span": [first, last],
        "Check": f"detector.{finding.rule}",
        "Description": "",
        "Link": "",
        "Message": finding.message if place.start else f"{record_words(post)}: {finding.message}",
        "Severity": SEVERITIES[finding.severity],
        "Match": finding.text,
        "Line": place.line or 1,
    }


def _action(finding: Finding) -> dict[str, Any]:
    """A fix that replaces just what was matched; others a plug-in could not apply."""
    fix = finding.fix
    if fix is None or (fix.start, fix.end) != (finding.start, finding.end) or fix.start == fix.end:
        return {"Name": "", "Params": None}
    return {"Name": "replace", "Params": [fix.replacement]}


def _line_end(post: Post, start: int) -> int:
    found = _LINE_END.search(post.text, start)
    return found.start() if found else len(post.text)
