"""Where one passage ends and the next begins: lines, sentences, runs of emoji.

The rules are those by which people cut real posts; `tests/pipeline/test_passages.py` measures how far they agree.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise

LONGEST = 500  # characters: what never ends is cut at a space, which bounds the work on one passage

_EMOJI = "‼⁉\u2600-\u26ff\U0001f000-\U0001faff"
_JOINERS = "\ufe0f\u200d\u2640\u2642"
_LINE_END = "\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
_CLOSING = "\"'”’»)\\]*_~"
_STOP = rf"(?P<stop>(?<![.!?…])[.!?…]++)(?:(?=\s)|[{_CLOSING}]++(?=\s++[^a-z\s]))"
_GLUED = r"(?P<glued>(?<=[a-z][a-z])[.!?](?=[A-Z][a-z’']+[ ,]))"
_BOUNDARY = re.compile(
    rf"""(?=[.!?…。！？{_EMOJI}{_LINE_END}])(?:(?P<line>[{_LINE_END}]++) | {_STOP} | {_GLUED} | (?P<wide>[。！？]++)
    | (?P<emoji>(?<![{_EMOJI}{_JOINERS}])[{_EMOJI}{_JOINERS}]++)(?=[ \t\xa0]+[A-Z]))""",
    re.VERBOSE,
)
# The same for ASCII text, in half the time.
_ASCII_BOUNDARY = re.compile(rf"(?=[.!?\n-\r\x1c-\x1e])(?:(?P<line>[\n-\r\x1c-\x1e]++)|{_STOP}|{_GLUED})")
# Words whose full stop ends no sentence: U.S., J. Powell, etc., vs., Inc., approx., No. 5.
_ABBREVIATION = re.compile(
    r"""(?<![\w'’])(?:(?:[A-Za-z]\.)+[A-Za-z] | [A-HJ-Z] | etc | [Vv]s | Inc | Corp | Co | Ltd | Bros | Mr | Mrs | Ms
    | Dr | St | Jr | Sr | [Aa]pprox | cf | al | (?P<number>[Nn]o))\Z""",
    re.VERBOSE,
)
_LONGEST_ABBREVIATION = 8
_CONTENT = re.compile(rf"[^\W_]|[{_EMOJI}]")
_LIST_NUMBER = re.compile(r"\(?\d{1,2}\.")


def split_passages(text: str) -> list[tuple[int, int]]:
    """The passages of a text as offsets, in order; white space and lone punctuation lie between them.

    A sentence ends with its line, with a full stop, question or exclamation mark, or with emoji before a capital.
    A list's numbers (`1.`) belong to no passage, its bullets to the passage that follows.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for end in _boundaries(text):
        _add(spans, text, start, end)
        start = end
    _add(spans, text, start, len(text))
    return spans


def split_at(text: str, spans: Iterable[tuple[int, int]], borders: Iterable[int]) -> list[tuple[int, int]]:
    """`spans`, cut once more wherever one of `borders` lies inside."""
    cuts = sorted(borders)
    pieces: list[tuple[int, int]] = []
    for start, end in spans:
        inner = cuts[bisect_right(cuts, start) : bisect_left(cuts, end)]
        for piece_start, piece_end in pairwise((start, *inner, end)):
            _add(pieces, text, piece_start, piece_end)
    return pieces


def _boundaries(text: str) -> Iterator[int]:
    opening: int | None = 0  # of the line in hand, until it is known to hold something
    for match in (_ASCII_BOUNDARY if text.isascii() else _BOUNDARY).finditer(text):
        kind, end = match.lastgroup, match.end()
        if kind == "stop":
            if match["stop"] == "." and _is_abbreviated(text, match.start()):
                continue
        elif kind == "line":
            opening = end
        elif kind == "emoji":
            if opening is not None and not _CONTENT.search(text, opening, match.start()):
                continue  # a line may open with emoji, as with a bullet
            opening = None
        yield end


def _is_abbreviated(text: str, stop: int) -> bool:
    """True when the full stop at `stop` belongs to an abbreviation."""
    word = _ABBREVIATION.search(text, max(0, stop - _LONGEST_ABBREVIATION), stop)
    return word is not None and (not word["number"] or text[stop + 2 : stop + 3].isdigit())


def _add(spans: list[tuple[int, int]], text: str, start: int, stop: int) -> None:
    """Append `start:stop` without the white space around it, unless nothing is left to read."""
    end = stop
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start == end or not (text[start].isalnum() or _CONTENT.search(text, start, end)):
        return
    if text[end - 1] == "." and _LIST_NUMBER.fullmatch(text, start, end) and text[stop : stop + 1] in (" ", "\t"):
        return
    if end - start <= LONGEST:
        spans.append((start, end))
        return
    for piece_start, piece_end in pairwise(_cuts(text, start, end)):
        _add(spans, text, piece_start, piece_end)


def _cuts(text: str, start: int, end: int) -> Iterator[int]:
    """Offsets from `start` to `end`, each at most `LONGEST` after the one before, at spaces where there are any."""
    yield start
    while end - start > LONGEST:
        space = text.rfind(" ", start + 1, start + LONGEST)
        start = space if space > start else start + LONGEST
        yield start
    yield end
