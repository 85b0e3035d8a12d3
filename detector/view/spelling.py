"""Words spelled so that a filter does not see them (`b.u.y`, `b u y`, `8uy`, 买, 🛒): read as the plain word.

Only words of `spelling.toml` are read so, and only where the trick is plain; all else stays as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from detector import compiled
from detector.view.draft import Edit
from detector.view.glued import glued_edits
from detector.view.leet import leet_edits
from detector.view.lists import content, listed
from detector.view.pictures import picture_edits

# Everything is bounded: a text of nothing but `b u y` or `$$$$` has to take linear time too.
_PARTED = r"[a-z](?:[ .*_~·-]{1,2}[a-z](?![^\W_])){2,40}"
_TRICK = re.compile(rf"(?<![^\W_]){_PARTED}", re.IGNORECASE)
_QUICK_LOOK = re.compile("[ .*_~·-][A-Za-zſ\u212a][ .*_~·-]{1,2}[A-Za-zſ\u212a](?![^\\W_])")  # stands in every trick
_PARTED_IN = re.compile(r"(?<=[\w.,;] )i n(?= [\w$]|[.!?])", re.IGNORECASE)  # too short to be looked for elsewhere
_BETWEEN = re.compile(r"[ .*_~·-]+")
_HAN = re.compile("[\u4e00-\u9fff]+")
_ASCII_LETTER = re.compile("[A-Za-z]")
_SHARE = 3  # Latin letters for each Chinese one, so that a post counts as English with Chinese words in it
SHORTEST, LONGEST = 3, 12  # letters of a parted word


def known_words() -> frozenset[str]:
    """The words that are read through their disguise."""
    return listed("words")


@cache
def _parted_words() -> frozenset[str]:
    return known_words() | {word for word in listed("functions") if len(word) >= SHORTEST}


@cache
def _chinese() -> re.Pattern[str]:
    return re.compile("|".join(sorted(content()["chinese"], key=len, reverse=True)))


def is_spelled_out(text: str) -> bool:
    """Whether any trick with letters, digits or spaces stands in the text: cheap, for texts that are else plain."""
    return next(_letter_edits(text), None) is not None


def spelling_edits(text: str) -> Iterator[Edit]:
    """Edits that give tricked words their plain spelling."""
    edits = [*_letter_edits(text)]
    if not text.isascii():
        edits += [*picture_edits(text), *_chinese_edits(text)]
    last = 0
    for edit in sorted(edits):
        if edit.start >= last:
            yield edit
            last = edit.end


def _letter_edits(text: str) -> Iterator[Edit]:
    for match in _TRICK.finditer(text) if _may_be_parted(text) else ():
        at = match.start()
        for start, end, word in _plain(match.group()):
            yield Edit(at + start, at + end, word)
    if " i n" in text or " I n" in text or " I N" in text:
        for match in _PARTED_IN.finditer(text):
            yield Edit(*match.span(), match.group().replace(" ", ""))
    yield from leet_edits(text)
    yield from glued_edits(text)


def _may_be_parted(text: str) -> bool:
    if compiled.scans is not None:
        return compiled.scans.has_parted(text)
    return _QUICK_LOOK.search(text) is not None


@lru_cache(maxsize=4096)
def _plain(trick: str) -> tuple[tuple[int, int, str], ...]:
    """The plain words in a parted one (`I b u y`), each with the stretch that it stands for."""
    gaps = [gap.span() for gap in _BETWEEN.finditer(trick)]
    starts = [0, *(end for _, end in gaps)]
    letters = "".join(trick[start] for start in starts)
    return tuple((starts[first], starts[last - 1] + 1, letters[first:last]) for first, last in _words_in(letters))


def _words_in(letters: str) -> list[tuple[int, int]]:
    """The known words that account for most of these letters, in order."""
    best: list[tuple[int, list[tuple[int, int]]]] = [(0, [])] * (len(letters) + 1)
    for first in range(len(letters) - SHORTEST, -1, -1):
        best[first] = best[first + 1]
        for last in range(first + SHORTEST, min(len(letters), first + LONGEST) + 1):
            if letters[first:last].lower() in _parted_words() and last - first + best[last][0] > best[first][0]:
                best[first] = (last - first + best[last][0], [(first, last), *best[last][1]])
    return best[0][1]


def _chinese_edits(text: str) -> Iterator[Edit]:
    """Chinese trading words in a text that is English otherwise."""
    han = sum(len(run) for run in _HAN.findall(text))
    if not han or len(_ASCII_LETTER.findall(text)) < _SHARE * han:
        return
    for match in _chinese().finditer(text):
        before, behind = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        word = content()["chinese"][match.group()]
        yield Edit(*match.span(), " " * before.isalnum() + word + " " * behind.isalnum())
