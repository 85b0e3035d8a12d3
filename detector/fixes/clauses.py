"""What parts of a sentence are, as far as it takes to take one out or ask about it. No parser: where this is unsure,
less is offered.

The words stand in `rewordings.toml`.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

JOINT = re.compile(
    r"\s*[,;:–—]\s+(?:(?:so|and|but|then|just)\s+)?|\s+(?:so|and|but|then)\s+|\s+-+\s+|(?<=\w)[.!?…]+\s+", re.IGNORECASE
)
_CONDITION = re.compile(
    r"(?:if|when|once|unless|as soon as|until|after|before|while|since|because"
    r"|whoever|whatever|those who|anyone who|who|which"
    r"|\w+ as (?:it|they|he|she|i|we) (?:is|are|was|were|am|may|might))\b",
    re.IGNORECASE,
)
_WHO_DOES = re.compile(r"\b(?:i|we|they|he|she|you|u) [^\W\d_]{2,}", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:[\x27’][^\W\d_]+)?")
_CONTRACTED = re.compile(r"[\x27’](?:re|ve|ll|m|d|t)\Z", re.IGNORECASE)
_PRONOUN_IS = re.compile(r"(?:it|that|this|there|here|he|she|what|who|everything|nothing)[\x27’]s\Z", re.IGNORECASE)


def starts_condition(text: str) -> bool:
    """Whether it only says when or why."""
    return _CONDITION.match(text) is not None


def says_something(text: str) -> bool:
    """Whether it has a verb that makes it a sentence."""
    return _WHO_DOES.search(text) is not None or any(_is_finite(word) for word in _WORD.findall(text))


def begins_anew(text: str) -> bool:
    """Whether it begins as a sentence of its own does: with who or what does something."""
    words = text.split(maxsplit=1)
    return bool(words) and words[0].lower() in _words("subjects") and " " in text.strip()


def lacks_subject(text: str) -> bool:
    """Whether its verb comes first, with nobody who does it."""
    first = _WORD.match(text)
    return first is not None and _is_finite(first.group())


def without_vocative(text: str) -> str:
    """Without whom it is said to ("folks"), and particles, at the end."""
    return _vocative().sub("", text)


def _is_finite(word: str) -> bool:
    known = word.lower().replace("’", "'")
    return known in _words("finite") or bool(_CONTRACTED.search(word) or _PRONOUN_IS.match(word))


@cache
def data() -> dict[str, Any]:
    """What `rewordings.toml` holds."""
    return tomllib.loads(files("detector.fixes").joinpath("rewordings.toml").read_text(encoding="utf-8"))


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(data()[name].split())


@cache
def _vocative() -> re.Pattern[str]:
    names = "|".join(sorted(_words("vocatives")))
    return re.compile(rf"(?:,?\s+(?:{names}))+\Z", re.IGNORECASE)
