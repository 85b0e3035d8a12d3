"""Findings without the post's words: what remains when text is not kept, or no longer."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from detector.finding import Edit
from detector.reports.parts.record import FindingRecord

Findings = tuple[FindingRecord, ...]
_DECODER = msgspec.json.Decoder(Findings)


def without_text(findings: Iterable[FindingRecord]) -> Findings:
    """Rule, kind, place, probability and severity stay; quotations, reasons (they quote), and fixes go."""
    return tuple(
        msgspec.structs.replace(finding, text="", reasons=(), fix=None, edits=tuple(map(_silent, finding.edits)))
        for finding in findings
    )


def _silent(edit: Edit) -> Edit:
    """The registered wording is the platform's own and stays; what the author wrote instead does not."""
    return Edit(edit.edit_class, edit.start, edit.end, edit.expected, "", edit.changes_meaning)


def read_findings(stored: str) -> Findings:
    """Findings as they were stored."""
    return _DECODER.decode(stored)
