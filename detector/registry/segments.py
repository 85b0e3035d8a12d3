"""A disclaimer's edits as a readable diff: what stayed, what was removed, what was added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from detector.finding import Edit

TIED = "-/("  # no space follows them; at the text's beginning, "" is in it too
Operation = Literal["same", "removed", "added"]


class Segment(NamedTuple):
    """`same` and `added` together are the found text, `same` and `removed` the expected one."""

    operation: Operation
    text: str
    edit: Edit | None = None


def segments(found: str, edits: Sequence[Edit], *, start: int = 0) -> list[Segment]:
    """The diff of one disclaimer, in reading order.

    `found` is the post's slice that begins at offset `start`; `edits` are in the post's offsets. Added and same parts
    joined are exactly `found`; removed and same parts joined are the registered text as far as the
    declared normalisation (white space, case, quotes, markup) goes.
    """
    return [segment for segment in _segments(found, edits, start) if segment.text]


def _segments(found: str, edits: Sequence[Edit], start: int) -> Iterator[Segment]:
    last = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        at, end = _widened(found, edit, edit.start - start, edit.end - start)
        if at < last:
            continue
        yield Segment("same", found[last:at])
        yield Segment("removed", spaced(found, edit, at, end), edit)
        yield Segment("added", found[at:end], edit)
        last = end
    yield Segment("same", found[last:])


def _widened(found: str, edit: Edit, at: int, end: int) -> tuple[int, int]:
    """An addition between two spaces takes one of them along, so that the rest reads well."""
    if edit.expected or at == end:
        return at, end
    if found[end : end + 1].isspace() and (at == 0 or found[at - 1].isspace()):
        return at, end + 1
    if end == len(found) and at and found[at - 1].isspace():
        return at - 1, end
    return at, end


def spaced(found: str, edit: Edit, at: int, end: int) -> str:
    """Removed words with the space that has to part them from their neighbours."""
    if not edit.expected:
        return ""
    before, after = found[max(0, at - 1) : at], found[end : end + 1]
    if at != end:
        return f" {edit.expected}" if before.isalnum() and edit.expected[0].isalnum() else edit.expected
    lead = " " if before not in TIED and not before.isspace() and edit.expected[0].isalnum() else ""
    is_parted = bool(lead) or not before.isalnum()
    trail = " " if after.isalnum() and is_parted and edit.expected[-1] not in TIED else ""
    return f"{lead}{edit.expected}{trail}"
