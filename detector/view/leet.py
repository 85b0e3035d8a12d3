"""Letters written as figures and signs (`8uy`, `$ell`, `5h0r7`): read as the letters where they spell a known word.

Never prices, amounts, tickers or words with figures (`10k`, `401k`, `4x`, `b4`, `G37`): what is read has to be a word
of trading, or a function word of which two letters are left. Words of figures alone (`5311`) are read only behind words
that ask for a verb.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from detector import compiled
from detector.view.draft import Edit
from detector.view.lists import content, listed

# `1` may be an i or an l: both become one sign, in the words too.
_LETTERS = {
    "4": "a",
    "@": "a",
    "8": "b",
    "3": "e",
    "€": "e",
    "9": "g",
    "0": "o",
    "5": "s",
    "$": "s",
    "7": "t",
    "+": "t",
}
_DECODED = str.maketrans(_LETTERS | dict.fromkeys("il!|", "1"))
_LEFT = 2  # letters that a function word has to keep
_SIGNED = re.compile(
    r"(?<![^\W_])(?<![$@])(?=[\d@$!|€+]{0,13}[a-z])(?=[a-z]{0,13}[\d@$!|€+])[a-z\d@$!|€+]{1,13}[a-z\d](?!\w)",
    re.IGNORECASE,
)
# A quick look: a figure or sign beside a letter, a sign that opens a name or a ticker aside.
_SIGN = re.compile(
    r"[\d@$!|€+](?!(?<=\$)(?<![A-Za-z\d@$!|€+]\$)[A-Z])"
    r"(?:(?=[A-Za-z])(?:(?=.[A-Za-z\d]|[npNP]\b)|(?<=[A-Za-z].))|(?=\d)(?<=[A-Za-z].))",
    re.DOTALL,
)
_BEGUN = re.compile(r"(?<![A-Za-z\d@$!|€+])[A-Za-z\d@$!|€+]*\Z|\Z")
_LONGEST = 14
# `sell` and `all` are figures all through: a number, unless a verb, or `in` behind it, is asked for.
_FIGURES = re.compile(r"(?<![\w.,$-])(?:(5311)|(411))(?![\w%]|[.,-]\w)")
_BEFORE = re.compile(r"(?<![$\w])([\w'’]+) \Z")
_CLAUSE_BEGINS = re.compile(r"(?:\A|\n|\$[A-Z]+ |[,;:!?.] )\Z")
_OBJECT = re.compile(r" (?:\$[A-Za-z]|[A-Z]{2,5}\b|[a-z])|!")
_ALL = re.compile(r" (?:[i1]n|of|you|your|day|the)\b")


@cache
def _words() -> dict[str, tuple[str, bool]]:
    """Known words by their decoded form, and whether they are words of trading."""
    functions = {word: False for word in content()["functions"].split() if len(word) > _LEFT or word == "in"}
    trading = dict.fromkeys(content()["words"].split(), True)
    return {word.translate(_DECODED): (word, known) for word, known in (functions | trading).items()}


def leet_edits(text: str) -> Iterator[Edit]:
    """An edit for each word that figures or signs are part of."""
    last, plain = 0, compiled.scans is not None and not compiled.scans.has_sign(text)
    for sign in () if plain else _SIGN.finditer(text):
        if sign.start() >= last:
            begins = sign.start() - len(_BEGUN.findall(text[max(0, sign.start() - _LONGEST) : sign.start()])[0])
            last = sign.end()
            if (match := _SIGNED.match(text, begins)) and (word := read(match.group())):
                last = match.end()
                yield Edit(*match.span(), word)
    if "5311" in text or "411" in text:
        yield from _figure_edits(text)


def _figure_edits(text: str) -> Iterator[Edit]:
    for match in _FIGURES.finditer(text):
        start, end = match.span()
        if match[2] and _ALL.match(text, end):
            yield Edit(start, end, "all")
        elif match[1] and _asks_for_verb(text[max(0, start - 16) : start], text[end : end + 8]):
            yield Edit(start, end, "sell" if text[start - 1 : start] == " " else "Sell")


def _asks_for_verb(left: str, right: str) -> bool:
    """Behind `should` or `don't` anything may follow; where a clause begins, an object has to."""
    before = _BEFORE.search(left)
    if before:
        word = read(before[1]) or before[1].lower()  # it may be disguised itself: `d0nt 5311`
        return word in listed("before") or before[1][-3:].lower() in ("n't", "n’t")
    return _CLAUSE_BEGINS.search(left) is not None and _OBJECT.match(right) is not None


@lru_cache(maxsize=4096)
def read(signed: str) -> str | None:
    """The word that a mix of letters, figures and signs spells; None if it spells none that we know."""
    word, is_trading = _words().get(signed.lower().translate(_DECODED), ("", False))
    kept = sum(letter.isalpha() for letter in signed)
    if not word or kept == len(signed) or (signed[0] == "$" and not signed[1:].islower()):
        return None
    return word if is_trading or kept >= _LEFT or word == "in" else None
