"""Text as words for comparison: folded forms with their offsets."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from html import unescape
from itertools import accumulate

CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
APOSTROPHES = "'’‘ʼ＇´`"
_LETTERS = rf"[^\W_{CJK}]"
_A_WORD = rf"(\{{\w+\}}|\d+(?:[.,]\d+)+|[{CJK}]|{_LETTERS}+(?:[{APOSTROPHES}]{_LETTERS}+)*)"
_LIST_NUMBER = r"^[ \t>*_]*\(?\d{1,2}[.)][ \t]+"  # layout rather than a word
_WORD = re.compile(_A_WORD)
_PLAIN_WORD = re.compile(r"(\{\w+\}|\d+(?:[.,]\d+)+|[a-z0-9]+(?:'[a-z0-9]+)*)")  # the same for ASCII
_ODD = re.compile(r"[^\0-\x7f]+")
_APOSTROPHES = frozenset(APOSTROPHES)
_NUMBERED = re.compile(_LIST_NUMBER, re.MULTILINE)
_IN_LISTS = re.compile(f"{_LIST_NUMBER}|{_A_WORD}", re.MULTILINE)
_SOFT = str.maketrans(dict.fromkeys(APOSTROPHES, "'") | {"\u00ad": None})
_MARKUP = re.compile(r"<[^<>]*>|[*_~\\]")
_COMBINING = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of `text`: `folded[k]` stands at `starts[k]:ends[k]`."""

    text: str
    folded: list[str]
    starts: list[int]
    ends: list[int]

    def gap(self, index: int) -> str:
        """What stands between word `index` and the next one."""
        return self.text[self.ends[index] : self.starts[index + 1]]

    def behind(self, index: int) -> str:
        """What stands between word `index` and the next one, or the end."""
        return self.gap(index) if index + 1 < len(self.starts) else self.text[self.ends[index] :]


def split_words(text: str) -> Words:
    """The words of a text, in order."""
    lowered = text.lower().replace("`", "'").replace("’", "'")
    if len(lowered) != len(text) or _NUMBERED.search(text) is not None:
        spans = [match.span(1) for match in _IN_LISTS.finditer(text) if match[1] is not None]
        folded = [fold(text[start:end]) for start, end in spans]
        return Words(text, folded, [start for start, _ in spans], [end for _, end in spans])
    odd = "".join(_ODD.findall(lowered))
    is_plain = not any(map(str.isalnum, odd)) and _APOSTROPHES.isdisjoint(odd)
    parts = (_PLAIN_WORD if is_plain else _WORD).split(lowered)  # gap, word, gap, …
    edges = list(accumulate(map(len, parts)))
    folded = parts[1::2]
    if not "".join(folded).isascii():
        folded = [word if word.isascii() else fold(word) for word in folded]
    return Words(text, folded, edges[:-1:2], edges[1::2])


def fold(word: str) -> str:
    """The form in which words are compared: case, marks and compatibility forms do not count."""
    if word.isascii():
        return word.lower().replace("`", "'")
    decomposed = unicodedata.normalize("NFKD", word.translate(_SOFT))
    return _COMBINING.sub("", decomposed).casefold()


def plain_form(source: str) -> str:
    """What the declared normalisation makes of a word's own characters: markup, entities, case and form
    fall away, look-alike letters and invisible characters do not."""
    plain = unicodedata.normalize("NFKC", unescape(_MARKUP.sub("", source)).translate(_SOFT)).casefold()
    return unicodedata.normalize("NFKC", plain)
