"""The text as a reader would see it, with a map back to the post's own characters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from detector.post import TextFormat
from detector.view.spelling import is_spelled_out


@dataclass(frozen=True, slots=True)
class Hidden:
    """A stretch of source text (code points, end exclusive) that a reader does not see.

    `text` is what it would say if shown; `reason` says how it is hidden: `comment`, `spoiler`, `alt`,
    `display`, `colour` and others, all of them short nouns.
    """

    start: int
    end: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class View:
    """What a reader sees of `source`. All offsets are code points, ends exclusive.

    `starts[i]:ends[i]` is the source slice behind view character `i`; both are None when the view
    is the source itself, which is the usual and the cheap case.
    """

    source: str
    text: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None
    hidden: tuple[Hidden, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Source offsets of the view slice `start:end` (an empty slice maps to an empty one)."""
        if self.starts is None or self.ends is None:
            return start, end
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else len(self.source)
            return at, at
        return self.starts[start], self.ends[end - 1]


# Nothing to do: printable ASCII and white space, without the characters that open markup.
_PLAIN = re.compile(r"[\t-\r -%'-)+-;=-Z^a-{}]*+")


def make_view(source: str, *, text_format: TextFormat = "plain") -> View:
    """See `source` as a reader would."""
    if _PLAIN.fullmatch(source) and text_format != "html" and not is_spelled_out(source):
        return View(source, source)
    from detector.view.making import view_of

    return view_of(source, text_format)
