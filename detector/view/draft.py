"""A view in the making: text, and for each character the source stretch that it stands for."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import NamedTuple

_COUNTED = array("I", range(1 << 14))


class Edit(NamedTuple):
    """Replace `start:end` of a draft's text by `replacement`."""

    start: int
    end: int
    replacement: str


class Draft:
    """Text with its offset map; each stage of the view edits it once, left to right."""

    __slots__ = ("ends", "starts", "text")

    def __init__(self, source: str) -> None:
        self.text = source
        self.starts: array[int] | None = None
        self.ends: array[int] | None = None

    def edit(self, edits: Iterable[Edit]) -> None:
        """Apply edits in order of place, none overlapping another, none of an empty stretch."""
        wanted = list(edits)
        if not wanted:
            return
        text, last = self.text, 0
        if self.starts is None or self.ends is None:
            self.starts, self.ends = _counted(0, len(text)), _counted(1, len(text) + 1)
        pieces: list[str] = []
        starts, ends = array("I"), array("I")
        for start, end, replacement in wanted:
            pieces += text[last:start], replacement
            starts += self.starts[last:start]
            ends += self.ends[last:start]
            if replacement:
                starts += self.starts[start : start + 1] * len(replacement)
                ends += self.ends[end - 1 : end] * len(replacement)
            last = end
        self.text = "".join((*pieces, text[last:]))
        self.starts, self.ends = starts + self.starts[last:], ends + self.ends[last:]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Source offsets of the non-empty slice `start:end`."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def _counted(start: int, end: int) -> array[int]:
    """`start`, `start + 1`, … `end - 1`; short ones are cut from a ready table."""
    return _COUNTED[start:end] if end <= len(_COUNTED) else array("I", range(start, end))
