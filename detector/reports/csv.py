"""A table for spreadsheets, one row a finding; no cell can act as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from detector.checked import Checked, Run, finding_id, text_checksum
from detector.finding import Finding

SUFFIX = ".csv"
BINARY = False

COLUMNS = (
    "finding", "severity", "rule", "kind", "target", "probability", "text", "message", "disclaimer", "integrity",
    "edits", "post", "author", "created", "title", "url", "language", "file", "record", "field", "start", "end",
    "let_stand",
)  # fmt: skip
LONGEST_CELL = 32_000  # spreadsheets cut a cell at 32,767 characters
# OWASP's list of what makes a spreadsheet calculate, and the full-width forms that it also takes.
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # without it spreadsheets take UTF-8 for a local code page


def render(stream: Iterable[Checked], run: Run, out: BinaryIO) -> None:
    """RFC 4180 with a byte order mark. A text cell that could be a formula begins with an apostrophe.

    What a comment in the text lets stand is a row too, with the comment's reason under `let_stand`.
    """
    out.write(BYTE_ORDER_MARK)
    file = io.TextIOWrapper(out, encoding="utf-8", errors="backslashreplace", newline="")
    try:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for checked in stream:
            if checked.findings or checked.suppressed:
                writer.writerows(_rows(checked, run.policy_checksum))
    finally:
        file.detach()  # the caller's stream stays open


def _rows(checked: Checked, policy_checksum: str) -> Iterator[list[str | int | float]]:
    post = checked.post
    checksum = text_checksum(post.text)
    let_stand = [(each.finding, each.reason) for each in checked.suppressed]
    for finding, reason in [*((each, None) for each in checked.findings), *let_stand]:
        row: list[str | int | float | None] = [
            finding_id(finding, text_checksum=checksum, policy_checksum=policy_checksum),
            finding.severity.label,
            finding.rule,
            finding.kind,
            finding.target,
            finding.probability,
            finding.text,
            finding.message,
            finding.disclaimer,
            finding.integrity,
            _edits(finding),
            post.id,
            post.author,
            post.created,
            post.title,
            post.url,
            checked.language,
            post.origin.file,
            post.origin.record,
            finding.field,
            finding.start,
            finding.end,
            reason,
        ]
        yield [safe_cell(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row]


def _edits(finding: Finding) -> str:
    return "; ".join(f"{edit.edit_class}: [{edit.expected}] -> [{edit.found}]" for edit in finding.edits)


def safe_cell(cell: str) -> str:
    """The cell as text that no spreadsheet calculates."""
    cell = cell.replace("\0", "␀")
    if len(cell) > LONGEST_CELL:
        cell = cell[:LONGEST_CELL] + "…"
    return "'" + cell if FORMULA.match(cell) else cell
