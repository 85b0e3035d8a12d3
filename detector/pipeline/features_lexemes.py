"""What is known of a word form alone: its normal form, its classes, its characters."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.strings import StringStore, get_string_id

from detector.pipeline.features_hash import Hashes, chain

FORMS = ("base", "s", "ing", "past")
SHAPES = (
    "space", "url", "mention", "number", "decimal", "multiple", "ticker", "shout", "title", "word", "mixed",
    "symbol", "end", "comma", "colon", "ask", "exclaim", "quote", "bracket", "dash", "dollar", "hash", "slash", "list",
)  # fmt: skip
_MARKS = {
    "end": ". … .. ...", "comma": ", ;", "colon": ":", "ask": "?", "exclaim": "!", "quote": "\" “ ” ' ` `` >",
    "bracket": "( ) [ ]", "dash": "- – — -- ~", "dollar": "$", "hash": "#", "slash": "/ |",
    "list": "* • · +", "number": "%",
}  # fmt: skip
_PUNCTUATION = {mark: shape for shape, marks in _MARKS.items() for mark in marks.split()}
_NUMBER = re.compile(r"[+\-$€£#~<>=]*\d[\d.,:/\-]*(?P<unit>%|[a-z$€£]{0,4})")
_REPEATED = re.compile(r"(.)\1{2,}")
_URL = re.compile(r"(https?:|www\.|t\.me/|[\w-]+\.(com|net|org|io|co|me)\b)")
_TICKER = re.compile(r"[A-Z]{2,5}(\.[A-Z])?")
_PICTURES = 0x2190  # arrows and everything above them that is no letter counts as a picture
_LONGEST = 24  # characters of a word that are looked at


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`words.toml`, turned round: what each word is."""

    groups: tuple[str, ...]
    classes: tuple[str, ...]
    verbs: dict[str, tuple[int, int]]
    flags: dict[str, int]
    leading: dict[str, int]
    pictures: dict[str, int]
    kinds: tuple[str, ...]
    first_picture: int
    first_shape: int


@cache
def lexicon() -> Lexicon:
    """Read the shipped lexicon once."""
    data = tomllib.loads(files("detector.pipeline").joinpath("words.toml").read_text(encoding="utf-8"))
    groups, classes = tuple(data["verbs"]), tuple(data["classes"])
    verbs: dict[str, tuple[int, int]] = {}
    for group, lines in enumerate(data["verbs"].values()):
        for line in lines:
            for position, word in enumerate(line.split()):
                verbs.setdefault(word, (group, min(position, len(FORMS) - 1)))
    flags: dict[str, int] = {}
    leading: dict[str, int] = {}
    for number, words in enumerate(data["classes"].values()):
        for word in words.split():
            flags[word] = flags.get(word, 0) | 1 << number
            leading.setdefault(word, number)
    emoji = data["emoji"]
    pictures = {picture: number for number, line in enumerate(emoji.values()) for picture in line.split()}
    forms = tuple(f"{group}:{form}" for group in groups for form in FORMS)
    kinds = ("none", *forms, *classes, *(f"emoji:{name}" for name in emoji), "emoji:other", *SHAPES)
    first_picture = 1 + len(FORMS) * len(groups) + len(classes)
    first_shape = first_picture + len(emoji) + 1
    return Lexicon(groups, classes, verbs, flags, leading, pictures, kinds, first_picture, first_shape)


class Lexeme(NamedTuple):
    """One word form. `kind` indexes `Lexicon.kinds`; `verb` is 1 + 4 * group + form, or 0; `flags`: a bit a class."""

    norm: int
    kind: int
    verb: int
    flags: int
    shout: bool
    text: str


def read_lexeme(text: str) -> Lexeme:
    """Look one word form up; look-alike spellings (BUYYY, ’s) share a normal form."""
    known = lexicon()
    word = _normal(text[:_LONGEST], known)
    verb = known.verbs.get(word)
    flags = known.flags.get(word, 0)
    number = 0 if verb is None else 1 + len(FORMS) * verb[0] + verb[1]
    if number:
        kind = number
    elif word in known.leading:
        kind = 1 + len(FORMS) * len(known.groups) + known.leading[word]
    else:
        kind, word = _shape(text, word, known)
    shout = len(text) > 1 and text.isupper()
    return Lexeme(get_string_id(word), kind, number, flags, shout, word)


def _normal(text: str, known: Lexicon) -> str:
    word = text.lower().replace("’", "'").replace("‘", "'")
    if _REPEATED.search(word) and not word.isdigit():
        once, twice = _REPEATED.sub(r"\1", word), _REPEATED.sub(r"\1\1", word)
        is_known = once in known.verbs or once in known.flags
        return once if is_known else twice
    return word


def _shape(text: str, word: str, known: Lexicon) -> tuple[int, str]:
    """Kind and normal form of a word that the lexicon does not hold: numbers and links lose their characters."""
    pictures, shapes = known.first_picture, known.first_shape
    picture = known.pictures.get(word, known.pictures.get(word[:1]))
    if picture is not None:
        return pictures + picture, word
    if word.isascii() and word.isalpha():  # most words: nothing of the rest can hold
        return shapes + SHAPES.index(_letters_shape(text, word)), word
    if word and ord(word[0]) >= _PICTURES and not any(map(str.isalnum, word)):
        return shapes - 1, word
    shape, normal = _word_shape(text, word)
    return shapes + SHAPES.index(shape), normal


def _word_shape(text: str, word: str) -> tuple[str, str]:
    number = _NUMBER.fullmatch(word)
    if word in _PUNCTUATION:
        found = _PUNCTUATION[word], word
    elif not word.strip():
        found = "space", " "
    elif _URL.match(word):
        found = "url", "<url>"
    elif len(word) > 1 and word[0] == "@":
        found = "mention", "<mention>"
    elif number is not None:
        found = _number_shape(word, number["unit"])
    else:
        found = _letters_shape(text, word), word
    return found


def _letters_shape(text: str, word: str) -> str:
    if text.islower() and word.isalpha():
        return "word"
    if _TICKER.fullmatch(text):
        return "ticker"
    if not any(map(str.isalnum, word)):
        return "symbol"
    if not word.isalpha():
        return "mixed"
    return "shout" if text.isupper() else "title" if text[0].isupper() else "word"


def _number_shape(word: str, unit: str) -> tuple[str, str]:
    if unit:
        return "multiple", f"<number>{unit}"
    return ("decimal", "<decimal>") if "." in word else ("number", f"<{min(len(word), 5)}>")


def character_grams(words: Sequence[str], *, sizes: Sequence[int] = (3, 4, 5)) -> tuple[NDArray[np.int64], Hashes]:
    """Every character n-gram inside each word, its ends marked: which word it is of, and its hash."""
    lengths = np.fromiter((len(word) + 2 for word in words), dtype=np.int64, count=len(words))
    codes = np.frombuffer("".join(f"<{word}>" for word in words).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    owners = np.repeat(np.arange(len(words)), lengths)
    all_owners, all_hashes = [], []
    for size in sizes:
        count = len(codes) - size + 1
        if count <= 0:
            continue
        inside = owners[:count] == owners[size - 1 :]
        grams = chain(size, *(codes[at : at + count] for at in range(size)))
        all_owners.append(owners[:count][inside])
        all_hashes.append(grams[inside])
    if not all_owners:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint64)
    owner, hashed = np.concatenate(all_owners), np.concatenate(all_hashes)
    order = np.argsort(owner, kind="stable")
    return owner[order], hashed[order]


class LexemeTable:
    """Word forms seen so far, found by spaCy's string hash: an open-addressing table, so that a whole batch is
    looked up at once. Keys are hashes of text, not ids of a vocabulary. Emptied when two thirds full, which starts
    another `generation`; `words` has the normal form of each row that is held."""

    def __init__(self, *, bits: int = 16) -> None:
        self._bits = bits
        self.generation = 0
        self.clear()

    def clear(self, *, at_least: int = 0) -> None:
        """Forget everything, and make room for a batch of at least so many word forms."""
        self.size = 1 << max(self._bits, at_least.bit_length())
        self._mask = np.uint64(self.size - 1)
        self.generation += 1
        self.words: dict[int, str] = {}
        self.keys = np.zeros(self.size, dtype=np.uint64)
        self.norms = np.zeros(self.size, dtype=np.uint64)
        self.kinds = np.zeros(self.size, dtype=np.int64)
        self.verbs = np.zeros(self.size, dtype=np.int64)
        self.flags = np.zeros(self.size, dtype=np.uint64)
        self.shouts = np.zeros(self.size, dtype=bool)
        self.count = 0

    def rows(self, orths: Hashes, strings: StringStore) -> NDArray[np.int64]:
        """Rows of these word forms; those not held yet are added."""
        if self.size > 1 << self._bits:
            self.clear()  # an earlier batch was huge: its memory is not kept
        rows = self._find(orths)
        missing = np.unique(orths[rows < 0])
        if not len(missing):
            return rows
        if self.count + len(missing) > self.size * 2 // 3:
            missing = np.unique(orths)
            self.clear(at_least=2 * len(missing))
        self._insert(missing, [read_lexeme(strings[key]) for key in missing.tolist()])
        return self._find(orths)

    def _find(self, orths: Hashes) -> NDArray[np.int64]:
        """Row of each key, -1 where it is not held."""
        slots = (orths & self._mask).astype(np.int64)
        held = self.keys[slots]
        open_ends = np.flatnonzero((held != orths) & (held != 0))
        while len(open_ends):
            slots[open_ends] = (slots[open_ends] + 1) % self.size
            held[open_ends] = self.keys[slots[open_ends]]
            open_ends = open_ends[(held[open_ends] != orths[open_ends]) & (held[open_ends] != 0)]
        slots[held == 0] = -1
        return slots

    def _insert(self, keys: Hashes, lexemes: Sequence[Lexeme]) -> None:
        """Hold these keys, none of them held yet, each in the first free slot from its own on."""
        slots = (keys & self._mask).astype(np.int64)
        waiting = np.arange(len(keys))
        while len(waiting):
            free = waiting[self.keys[slots[waiting]] == 0]
            taken = free[np.unique(slots[free], return_index=True)[1]]
            self.keys[slots[taken]] = keys[taken]
            waiting = waiting[self.keys[slots[waiting]] != keys[waiting]]
            slots[waiting] = (slots[waiting] + 1) % self.size
        norms, kinds, verbs, flags, shouts, words = zip(*lexemes, strict=True)
        self.norms[slots] = np.array(norms, dtype=np.uint64)
        self.kinds[slots] = kinds
        self.verbs[slots] = verbs
        self.flags[slots] = np.array(flags, dtype=np.uint64)
        self.shouts[slots] = shouts
        self.words.update(zip(slots.tolist(), words, strict=True))
        self.count += len(keys)
