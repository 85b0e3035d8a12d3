"""Recommendations as people disguise them from filters, to measure what each disguise costs in recall."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from training.labelled import LabelledPassage, LabelledPost

DATA = Path(__file__).resolve().parent.parent / "corpora/evasions.toml"
ENCLOSED_A, VARIATION = 0x1F170, "\ufe0f"
ZERO_WIDTH = "\u200b\u200d"
Disguise = Callable[[str], str]


@cache
def data() -> dict[str, Any]:
    """`corpora/evasions.toml`."""
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


@cache
def telling_words() -> re.Pattern[str]:
    """The words that are worth disguising."""
    return re.compile(rf"\b(?:{'|'.join(sorted(set(data()['words'].split())))})\b", re.IGNORECASE)


def dotted(word: str) -> str:
    """b.u.y."""
    return ".".join(word)


def spaced(word: str) -> str:
    """b u y."""
    return " ".join(word)


def zero_width(word: str) -> str:
    """Invisible characters between the letters."""
    return "".join(letter + ZERO_WIDTH[number % 2] for number, letter in enumerate(word[:-1])) + word[-1]


def elongated(word: str) -> str:
    """BUYYY."""
    return word.upper() + 2 * word[-1].upper()


def emoji_letter(word: str) -> str:
    """The first letter as an enclosed capital, as in 🅱️uy."""
    first = word[0].lower()
    return chr(ENCLOSED_A + ord(first) - ord("a")) + VARIATION + word[1:] if "a" <= first <= "z" else word


def mapped_letters(name: str) -> Disguise:
    """Letters exchanged by a table: look-alikes, leetspeak."""
    return lambda word: "".join(data()[name].get(letter.lower(), letter) for letter in word)


def mapped_word(name: str) -> Disguise:
    """The whole word exchanged by a table: emoji, Chinese."""
    return lambda word: str(data()[name].get(word.lower(), word))


ON_WORDS: dict[str, Disguise] = {
    "dotted": dotted,
    "spaced": spaced,
    "zero_width": zero_width,
    "elongated": elongated,
    "emoji_letter": emoji_letter,
    "homoglyphs": mapped_letters("homoglyphs"),
    "leetspeak": mapped_letters("leetspeak"),
    "emoji_word": mapped_word("emoji"),
    "chinese_word": mapped_word("chinese"),
}


def disguised(text: str, evasion: str) -> str:
    """A passage with its telling words disguised (`ON_WORDS`), in capitals (`all_caps`), or run together (`glued`)."""
    if evasion == "all_caps":
        return text.upper()
    if evasion == "glued":
        return re.sub(rf" ?({telling_words().pattern}) ?", r"\1", text, flags=re.IGNORECASE)
    return telling_words().sub(lambda word: ON_WORDS[evasion](word.group()), text)


EVASIONS = (*ON_WORDS, "all_caps", "glued")


def disguised_post(post: LabelledPost, evasion: str) -> LabelledPost:
    """The post with its recommendations disguised, and every passage where it now stands."""
    pieces: list[str] = []
    passages: list[LabelledPassage] = []
    last = length = 0
    for passage in post.passages:
        words = post.text[passage.start : passage.end]
        words = disguised(words, evasion) if passage.is_recommendation else words
        pieces += (post.text[last : passage.start], words)
        start = length + passage.start - last
        length, last = start + len(words), passage.end
        passages.append(replace(passage, start=start, end=length))
    return replace(post, text="".join([*pieces, post.text[last:]]), passages=tuple(passages))


def changed(post: LabelledPost, evasion: str) -> Iterator[int]:
    """The numbers of the recommendations that this evasion changes at all."""
    for number, passage in enumerate(post.passages):
        words = post.text[passage.start : passage.end]
        if passage.is_recommendation and disguised(words, evasion) != words:
            yield number
