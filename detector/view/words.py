"""Words that only look Latin: letters borrowed from other alphabets become the Latin ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detector.view.draft import Edit
from detector.view.lookalikes import LOOKALIKES, ROUGH_LOOKALIKES
from detector.view.spelling import known_words

_STRICT = {ord(borrowed): latin for latin, letters in LOOKALIKES.items() for borrowed in letters}
_ROUGH = {ord(borrowed): latin for latin, letters in ROUGH_LOOKALIKES.items() for borrowed in letters} | _STRICT
_FOREIGN_LETTER = re.compile(r"[^\W\x00-\xff]")
_WORD = re.compile(r"[^\W_]++")
_BARS = "ӏӀІ"
_LATIN = re.compile("[A-Za-z]")
_NOT_LATIN = re.compile(r"[^\x00-\u024f]")
_GREEK = re.compile("[\u0370-\u03ff]")


def has_foreign_letters(characters: str) -> bool:
    """False when these characters hold no letter beyond Western European ones (nor then a disguise)."""
    return _FOREIGN_LETTER.search(characters) is not None


def word_edits(text: str) -> Iterator[Edit]:
    """Edits that give disguised words their Latin letters; real Russian or Greek stays."""
    words = [match for match in _WORD.finditer(text) if not match.group().isascii()]
    amid_latin = _is_amid_latin(text, [match.group() for match in words])
    for match in words:
        word = match.group()
        plain = _latinised(word, amid_latin=amid_latin)
        for at, (borrowed, letter) in enumerate(zip(word, plain, strict=True), match.start()):
            if borrowed != letter:
                yield Edit(at, at + 1, letter)


def _is_amid_latin(text: str, words: list[str]) -> bool:
    """True when Latin letters outnumber all others, and words that Latin could not spell are few."""
    latin = len(_LATIN.findall(text))
    foreign = [word for word in words if not _LATIN.search(word)]
    native = sum(len(word) for word in foreign if _NOT_LATIN.search(word.translate(_STRICT)))
    return latin > 8 * native and latin >= sum(map(len, foreign))


def _latinised(word: str, *, amid_latin: bool) -> str:
    if _LATIN.search(word):
        plain = word.translate(_ROUGH if amid_latin else _STRICT)
    elif amid_latin and not (len(word) == 1 and _GREEK.match(word)):  # α and β are finance words
        plain = word.translate(_STRICT)
    else:
        return word
    return word if _NOT_LATIN.search(plain) else _with_l(word, plain)


def _with_l(word: str, plain: str) -> str:
    """Some bars stand for `i` and for `l`: read `seӏӏ` as the word that it spells."""
    as_l = "".join("l" if borrowed in _BARS else letter for borrowed, letter in zip(word, plain, strict=True))
    return as_l if as_l.lower() in known_words() else plain
