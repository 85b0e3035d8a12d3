"""Offsets in other units. Inside, an offset is a code point; each door converts once, here.

LSP and LanguageTool count UTF-16 code units, reviewdog UTF-8 bytes; SARIF says which it means.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import Literal, NamedTuple

Unit = Literal["code_points", "utf16", "utf8"]

_WIDE = {
    "code_points": re.compile(r"(?!)"),
    "utf16": re.compile("[\U00010000-\U0010ffff]"),
    "utf8": re.compile("[^\x00-\x7f]"),
}
_LINE_END = re.compile(r"\r\n|\n|\r")


class Position(NamedTuple):
    """A place as line and column, both counted from 0."""

    line: int
    column: int


class Units:
    """Converts offsets into one text between code points and `unit`, also as line and column.

    Built once per text, it answers in logarithmic time. A line ends with LF, CR LF or CR.
    """

    def __init__(self, text: str, unit: Unit) -> None:
        self._size = len(text)
        wide = [match.start() for match in _WIDE[unit].finditer(text)]
        self._wide = wide
        self._extra = list(accumulate((_extra_units(text[at], unit) for at in wide), initial=0))
        self._wide_ends = [at + 1 + extra for at, extra in zip(wide, self._extra[1:], strict=True)]
        ends = [match.span() for match in _LINE_END.finditer(text)]
        self._starts = [0, *(end for _, end in ends)]
        self._ends = [*(start for start, _ in ends), len(text)]

    def from_code_points(self, offset: int) -> int:
        """The offset in units of code point `offset`."""
        return offset + self._extra[bisect_left(self._wide, offset)]

    def to_code_points(self, units: int) -> int:
        """The code point at `units`; inside a character, that character; past the end, the end."""
        index = bisect_right(self._wide_ends, units)
        offset = units - self._extra[index]
        if index < len(self._wide):
            offset = min(offset, self._wide[index])
        return min(offset, self._size)

    def position(self, offset: int) -> Position:
        """Line and column (in units) of code point `offset`."""
        line = bisect_right(self._starts, offset) - 1
        column = self.from_code_points(offset) - self.from_code_points(self._starts[line])
        return Position(line, column)

    def offset(self, position: Position) -> int:
        """The code point at a line and column (in units); a column past the line's end is its end."""
        if position.line >= len(self._starts):
            return self._size
        start = self.from_code_points(self._starts[position.line])
        return min(self.to_code_points(start + position.column), self._ends[position.line])


def _extra_units(character: str, unit: Unit) -> int:
    """How many units more than one a wide character takes."""
    return 1 if unit == "utf16" else len(character.encode("utf-8", "surrogatepass")) - 1
