"""Where findings stand in their file, as far as an export format lets us say so."""

from __future__ import annotations

from typing import NamedTuple

from detector.finding import Finding
from detector.post import Post
from detector.units import Unit, Units

# In these formats the post is the file, so that offsets in the text are places in the file; and in
# those, each record is one line.
WHOLE_FILE = frozenset({"text", "markdown", "html"})
LINE_RECORDS = frozenset({"jsonl"})


class Position(NamedTuple):
    """Line and column, both counted from 1."""

    line: int
    column: int


class Place(NamedTuple):
    """A file, and where in it: a range (end exclusive), just a line, or neither."""

    file: str
    start: Position | None = None
    end: Position | None = None
    line: int | None = None


class Places:
    """The places of one post's findings in the file that the post was read from; columns count `unit`."""

    def __init__(self, post: Post, unit: Unit) -> None:
        self._origin = post.origin
        self._units = Units(post.text, unit) if post.origin.format in WHOLE_FILE else None

    def of(self, finding: Finding) -> Place:
        """The finding's range where the post is the file, its line where the record is one."""
        start = self.position(finding, finding.start)
        if start is not None:
            return Place(self._origin.file, start, self.position(finding, finding.end), start.line)
        return Place(self._origin.file, line=self._origin.record if self._origin.format in LINE_RECORDS else None)

    def position(self, finding: Finding, offset: int) -> Position | None:
        """An offset of the finding's field as a place in the file, where there is one."""
        if self._units is None or finding.field != "text":
            return None
        at = self._units.position(offset)
        return Position(at.line + 1, at.column + 1)


def record_words(post: Post) -> str:
    """`export.jsonl, record 17`."""
    origin = post.origin
    return f"{origin.file}, record {origin.record}" if origin.record else origin.file
