"""Words spelled so that a filter does not see them (`b.u.y`, `b u y`, `8uy`, 买, 🛒): read as the plain word.

Only words of `spelling.toml` are read so, and only where the trick is plain; all else stays as written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from detector.view.draft import Edit

_LEET = [str.maketrans("48310$57@!", f"abe{one}ossta{one}") for one in "il"]
# Everything is bounded: a text of nothing but `b u y` or `$$$$` has to take linear time too.
_PARTED = r"[a-z](?:[ .*_~·-]{1,2}[a-z](?![^\W_])){2,40}"
_DIGITS = r"(?=\d{0,13}[a-z@$!])(?=[a-z@$!]{0,13}\d)[a-z\d@$!]{2,14}(?!\w)"
_TRICK = re.compile(rf"(?<![^\W_])(?:{_PARTED}|{_DIGITS})", re.IGNORECASE)
_GLUED = re.compile(r"(?<![^\W_])(?=[a-z]*?(?:buy|sell|hold|short|dump))[a-z]{5,40}(?![^\W_])", re.IGNORECASE)
_BETWEEN = re.compile(r"[ .*_~·-]+")
_HAN = re.compile("[\u4e00-\u9fff]+")
_ASCII_LETTER = re.compile("[A-Za-z]")
_SHARE = 3  # Latin letters for each Chinese one, so that a post counts as English with Chinese words in it
SHORTEST, LONGEST = 3, 12  # letters of a parted word


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("detector.view").joinpath("spelling.toml").read_text(encoding="utf-8"))


@cache
def known_words() -> frozenset[str]:
    """The words that are read through their disguise."""
    return frozenset(_data()["words"].split())


@cache
def _pictures() -> re.Pattern[str]:
    before = "|".join(_data()["before"].split())
    pictures = "|".join(sorted(_data()["pictures"], key=len, reverse=True))
    verb_place = rf"(?<!\w)(?:{before}|\w+n['’]t) |^|(?<=[.,;:!?] )|(?<=\n)"
    object_follows = r"(?= ?(?:\$\w|[A-Z]{2,5}\b|(?:it|them|this|that|more|now|at|some|all|your|the)\b))"
    return re.compile(rf"(?:{verb_place})(?P<picture>{pictures})\ufe0f?{object_follows}")


@cache
def _chinese() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_data()["chinese"], key=len, reverse=True)))


def is_spelled_out(text: str) -> bool:
    """Whether any trick with letters, digits or spaces stands in the text: cheap, for texts that are else plain."""
    return next(_letter_edits(text), None) is not None


def spelling_edits(text: str) -> Iterator[Edit]:
    """Edits that give tricked words their plain spelling."""
    edits = [*_letter_edits(text)]
    if not text.isascii():
        edits += [*_picture_edits(text), *_chinese_edits(text)]
    last = 0
    for edit in sorted(edits):
        if edit.start >= last:
            yield edit
            last = edit.end


def _letter_edits(text: str) -> Iterator[Edit]:
    for match in _TRICK.finditer(text):
        at = match.start()
        for start, end, word in _plain(match.group()):
            yield Edit(at + start, at + end, word)
    for match in _GLUED.finditer(text):
        at = match.start()
        for place in _joints(match.group()):
            yield Edit(at + place - 1, at + place, text[at + place - 1] + " ")


@lru_cache(maxsize=4096)
def _plain(trick: str) -> tuple[tuple[int, int, str], ...]:
    """The plain words in a parted (`I b u y`) or digitised (`8uy`) one, each with the stretch that it stands for."""
    gaps = [gap.span() for gap in _BETWEEN.finditer(trick)]
    if not gaps:
        candidates = (trick.lower().translate(table) for table in _LEET)
        return tuple((0, len(trick), word) for word in candidates if word in known_words())[:1]
    starts = [0, *(end for _, end in gaps)]
    letters = "".join(trick[start] for start in starts)
    return tuple((starts[first], starts[last - 1] + 1, letters[first:last]) for first, last in _words_in(letters))


def _words_in(letters: str) -> list[tuple[int, int]]:
    """The known words that account for most of these letters, in order."""
    best: list[tuple[int, list[tuple[int, int]]]] = [(0, [])] * (len(letters) + 1)
    for first in range(len(letters) - SHORTEST, -1, -1):
        best[first] = best[first + 1]
        for last in range(first + SHORTEST, min(len(letters), first + LONGEST) + 1):
            if letters[first:last].lower() in known_words() and last - first + best[last][0] > best[first][0]:
                best[first] = (last - first + best[last][0], [(first, last), *best[last][1]])
    return best[0][1]


@lru_cache(maxsize=65_536)
def _joints(glued: str) -> tuple[int, ...]:
    """Where spaces are missing in words run together (`shouldbuyNVDA`); empty unless known words fill it wholly."""
    if glued.isupper() or _pieces().fullmatch(glued) is None:
        return ()
    ends = [piece.end() for piece in _piece().finditer(glued)]
    return tuple(end for end in ends if end < len(glued))


@cache
def _piece() -> re.Pattern[str]:
    # A ticker's capitals are told apart from a word's; longer words first, so that `holding` is not `hold`.
    words = sorted((*_data()["glue"].split(), *_data()["glued"].split()), key=len, reverse=True)
    return re.compile(rf"(?:(?i:{'|'.join(words)}))|[A-Z]{{2,5}}$")


@cache
def _pieces() -> re.Pattern[str]:
    return re.compile(f"(?:{_piece().pattern}){{2,8}}")


def _picture_edits(text: str) -> Iterator[Edit]:
    for match in _pictures().finditer(text):
        picture = match["picture"]
        yield Edit(match.start("picture"), match.end(), _data()["pictures"][picture])


def _chinese_edits(text: str) -> Iterator[Edit]:
    """Chinese trading words in a text that is English otherwise."""
    han = sum(len(run) for run in _HAN.findall(text))
    if not han or len(_ASCII_LETTER.findall(text)) < _SHARE * han:
        return
    for match in _chinese().finditer(text):
        before, behind = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        word = _data()["chinese"][match.group()]
        yield Edit(*match.span(), " " * before.isalnum() + word + " " * behind.isalnum())
