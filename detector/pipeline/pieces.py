"""One text that is edited again and again: lines and paragraphs that did not change are not read anew.

What is read so is the same as what the components read in the whole: a piece is cut only where they look no further.
`tests/test_recheck.py` holds them to that, with random edits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, chain, pairwise
from typing import TypeVar

import numpy as np

from detector.pipeline.passage_roles import (
    Span,
    Stretch,
    line_stretches,
    passages_with_roles,
    standard_disclaimers,
    with_wide_stretches,
)
from detector.pipeline.passage_split import split_at, split_passages
from detector.pipeline.tokens import Tokens, spaced_words
from detector.post import Region, TextFormat
from detector.reading import DisclaimerReading, Passage
from detector.view import Hidden, View, make_view
from detector.view.words import has_foreign_letters

T = TypeVar("T")

_PARAGRAPH_END = re.compile(r"\n[ \t\r]*(?=\n)")
_LINE_END = re.compile(r"(?=\n)")
_OVER_LINES = re.compile(r">!|\[spoiler|\]\(", re.IGNORECASE)  # marks whose other half may stand on another line


@dataclass(frozen=True, slots=True)
class Line:
    """What is known of one line of a view's text: its words (`Tokens.spaced`), its passages, what in it is no claim."""

    spaced: list[str]
    spans: tuple[Span, ...]
    stretches: tuple[list[Stretch], list[Stretch]]


@dataclass(slots=True)
class Memory:
    """What was read of a text the last time; holds the pieces of that one text, no more."""

    views: dict[str, View] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Text:
    """A view's text as lines: `tokens` for the classifier, the passages' bounds, and what is no claim."""

    tokens: Tokens
    spans: list[Span]
    stretches: list[Stretch]

    def passages(
        self, view: View, *, regions: Sequence[Region] = (), disclaimers: Sequence[DisclaimerReading] = ()
    ) -> tuple[Passage, ...]:
        """As `Passages.predict` gives them."""
        spans, found = self.spans, list[Stretch]()
        if regions:
            borders = {border for region in regions for border in (region.start, region.end)}
            spans = split_at(view.text, spans, borders)
            found = [(each.start, each.end, each.role) for each in regions if each.role != "disclaimer"]
        found += self.stretches
        if disclaimers:
            found += standard_disclaimers(disclaimers, view)
        return passages_with_roles(spans, found)


def read_view(source: str, text_format: TextFormat, memory: Memory) -> View:
    """As `make_view` sees it."""
    if text_format == "html" or "```" in source or "~~~" in source or not _is_separable(source):
        return make_view(source, text_format=text_format)
    by_paragraph = text_format == "markdown" or _OVER_LINES.search(source) is not None
    pieces = _cut(source, _PARAGRAPH_END if by_paragraph else _LINE_END)
    if text_format == "markdown" and any(piece.count("<!--") != piece.count("-->") for piece in pieces):
        return make_view(source, text_format=text_format)
    memory.views = _known(pieces, memory.views, lambda piece: make_view(piece, text_format=text_format))
    return _joined(source, [memory.views[piece] for piece in pieces])


def read_text(text: str, memory: Memory) -> Text:
    """The tokens and passages of a view's text."""
    pieces = _cut(text, _LINE_END)
    memory.lines = _known(pieces, memory.lines, _read_line)
    lines = [memory.lines[piece] for piece in pieces]
    starts = list(accumulate(map(len, pieces), initial=0))
    spans = [(start + at, end + at) for at, line in zip(starts, lines, strict=False) for start, end in line.spans]
    tokens = Tokens(text, list(chain.from_iterable(line.spaced for line in lines)))
    within = [_moved((line.stretches[kind] for line in lines), starts) for kind in (0, 1)]
    return Text(tokens, spans, with_wide_stretches(text, within))


def _is_separable(source: str) -> bool:
    """False where other alphabets decide together whether a letter is a disguise."""
    return source.isascii() or not has_foreign_letters(source)


def _cut(text: str, boundary: re.Pattern[str]) -> list[str]:
    """The text in pieces; each but the first begins with a line's end, so that its first letter has one before it."""
    cuts = [0, *dict.fromkeys(match.end() for match in boundary.finditer(text) if match.end()), len(text)]
    return [text[start:end] for start, end in pairwise(cuts)]


def _known(pieces: Iterable[str], known: dict[str, T], read: Callable[[str], T]) -> dict[str, T]:
    """What is known of these pieces and no others."""
    kept: dict[str, T] = {}
    for piece in pieces:
        if piece not in kept:
            kept[piece] = known[piece] if piece in known else read(piece)
    return kept


def _joined(source: str, views: Sequence[View]) -> View:
    if all(view.starts is None for view in views):
        return View(source, source)
    starts, ends, hidden, at = [], [], list[Hidden](), 0
    for view in views:
        size = len(view.source)
        starts.append(np.arange(size) + at if view.starts is None else np.asarray(view.starts, dtype=np.int64) + at)
        ends.append(np.arange(1, size + 1) + at if view.ends is None else np.asarray(view.ends, dtype=np.int64) + at)
        hidden += (replace(each, start=each.start + at, end=each.end + at) for each in view.hidden)
        at += size
    text = "".join(view.text for view in views)
    return View(source, text, np.concatenate(starts).tolist(), np.concatenate(ends).tolist(), tuple(hidden))


def _read_line(piece: str) -> Line:
    spans = split_passages(piece)
    return Line(spaced_words(piece), tuple(spans), line_stretches(piece, spans))


def _moved(found: Iterable[Iterable[Stretch]], starts: Sequence[int]) -> list[Stretch]:
    """What was found in lines, in offsets of the whole text."""
    return [(start + at, end + at, role) for at, line in zip(starts, found) for start, end, role in line]  # noqa: B905
