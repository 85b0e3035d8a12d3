"""Pictures that stand for a word (`should 🛒 NVDA`, `buy the 📉`): read as the word where only a word can stand.

Most pictures decorate, or begin a line as a bullet. One stands for a word behind a word that no clause ends with
(`the`, `should`); between two words of a line; or where a clause begins and its object, in small letters, follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from detector.view.draft import Edit
from detector.view.lists import content, listed

_LEFT, _RIGHT = 24, 12  # characters looked at on either side
_LAST_WORD = re.compile(r"([$\w'’%]+),? {0,2}\Z")
_CLAUSE_BEGINS = re.compile(r"(?:\A|\n|[^\w\s$] {0,2})\Z")
_SMALL_WORD = re.compile(r" ?(?!https?:)[a-z]|-[a-z]")
_NAMED = re.compile(r" ?(?:[$#]\w|[A-Z]{2,5}\b|\d+ [a-z])")
_SIGNAL = re.compile(r" ?[A-Z]{2,10}(?:/[A-Z]{2,5})? ?@ ?\$?\d")  # `💸 CADJPY @ 80.3`
_LEVELS = re.compile(r" ?\$?\d[\d.,]* ?(?:-{1,2}>|=>|→)")  # `$NVDA 📈 192.50-->196`
_SHOUTED = re.compile(r" [A-Z]{2,}")
_END = re.compile(r"\Z|[ .,;:!?)\n/]")
_FIRST_WORD = re.compile(r" ?(\w+)")


@cache
def _pictures() -> re.Pattern[str]:
    return re.compile(rf"({'|'.join(sorted(content()['pictures'], key=len, reverse=True))})\ufe0f?")


def picture_edits(text: str) -> Iterator[Edit]:
    """An edit for each picture that stands for a word."""
    read = Edit(0, 0, "")
    for match in _pictures().finditer(text):
        start, end = match.span()
        left, right = text[max(0, start - _LEFT) : start], text[end : end + _RIGHT]
        if read.replacement and not text[read.end : start].strip(" "):
            left = f"{read.replacement.strip()} "
        if word := _word(match[1], left, right):
            spaced = " " * (left[-1:].isalnum()) + word + " " * right[:1].isalnum()
            read = Edit(start, end, spaced)
            yield read


def _word(picture: str, left: str, right: str) -> str:
    """The word that a picture stands for between these characters; empty if it stands for none."""
    if left[-1:].islower() and right[:1].islower():  # it only parts the letters of one word
        return ""
    before, behind = _LAST_WORD.search(left), _FIRST_WORD.match(right)
    last = before[1].lower() if before else ""
    nouns: dict[str, str] = content()["pictured_nouns"]
    word = str((nouns if picture in nouns and last in listed("determiners") else content()["pictures"])[picture])
    if word == last or (behind and behind[1].lower().startswith(word)):
        return ""
    if picture == "👉" and not right.startswith(" "):  # it points at the next word
        return ""
    if before:
        listed_act = picture in listed("pictured_acts") and left.endswith(", ") and right.startswith(",")
        return word if listed_act or _stands_behind(before[1], picture, right) else ""
    if _CLAUSE_BEGINS.search(left) and _may_begin(picture, right):
        return word.capitalize()
    return ""


def _stands_behind(last: str, picture: str, right: str) -> bool:
    if last.lower() in listed("pictured_goods"):
        return False
    if picture in listed("pictured_always") or _SMALL_WORD.match(right) or _NAMED.match(right):
        return True
    if (last.isupper() and _SHOUTED.match(right)) or _ends_sentence(picture, right):
        return True
    if _stops_another(picture, right) or (last.startswith("$") and _LEVELS.match(right)):
        return True
    governed = last.lower() in listed("before") | listed("determiners") or last.lower().endswith(("n't", "n’t"))
    return governed and _END.match(right) is not None


def _may_begin(picture: str, right: str) -> bool:
    if picture in listed("pictured_always") or _SMALL_WORD.match(right):
        return True
    verb = picture in listed("pictured_acts") and (_NAMED.match(right) or _SIGNAL.match(right))
    return bool(verb) or _ends_sentence(picture, right) or _stops_another(picture, right)


def _stops_another(picture: str, right: str) -> bool:
    return picture == "🛑" and _pictures().match(right.strip()) is not None


def _ends_sentence(picture: str, right: str) -> bool:
    """A full stop behind a decoration is rare; alone, 💎🙌 is a slogan."""
    return picture in listed("pictured_acts") and right[:1] in (".", "!")
