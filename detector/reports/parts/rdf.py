"""reviewdog's diagnostic format: what its two reports share.

Source: reviewdog's `proto/rdf/reviewdog.proto`, read 22 Nov 2026.
"""

from __future__ import annotations

from typing import Any

from detector.finding import Finding, Severity
from detector.post import Post
from detector.reports.parts.places import Places, Position, record_words

SEVERITIES = {Severity.NOTICE: "INFO", Severity.WARNING: "WARNING", Severity.ERROR: "ERROR"}
SOURCE = {"name": "detector"}


def diagnostic(post: Post, finding: Finding, places: Places) -> dict[str, Any]:
    """One finding as `Diagnostic`; `places` count UTF-8 bytes."""
    place = places.of(finding)
    return {
        "message": finding.message if place.start else f"{record_words(post)}: {finding.message}",
        "location": {"path": place.file} | _range(place.start, place.end, line=place.line),
        "severity": SEVERITIES[finding.severity],
        "source": SOURCE,
        "code": {"value": finding.rule},
    } | _suggestions(finding, places)


def _suggestions(finding: Finding, places: Places) -> dict[str, Any]:
    """The fix, which can be applied only where the post is the file."""
    if finding.fix is None:
        return {}
    start, end = (places.position(finding, offset) for offset in (finding.fix.start, finding.fix.end))
    return {"suggestions": [_range(start, end) | {"text": finding.fix.replacement}]} if start else {}


def _range(start: Position | None, end: Position | None, *, line: int | None = None) -> dict[str, Any]:
    if start and end:
        return {"range": {"start": start._asdict(), "end": end._asdict()}}
    return {"range": {"start": {"line": line}}} if line else {}
