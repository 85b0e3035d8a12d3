"""What is known of a word form alone: its normal form, its classes, its characters."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.strings import get_string_id

from detector import compiled
from detector.pipeline.features_hash import Hashes, combine, finish
from detector.pipeline.tokens import bare

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
_SHAPE_NUMBERS = {shape: number for number, shape in enumerate(SHAPES)}
_OF_LETTERS = ("word", "title", "shout", "ticker")  # what a word of ASCII letters may be, by the loop that reads those
_NUMBER = re.compile(r"[+\-$€£#~<>=]*\d[\d.,:/\-]*(?P<unit>%|[a-z$€£]{0,4})")
Ints = NDArray[np.int64]
_REPEATED, _THRICE = re.compile(r"(.)\1{2,}"), re.compile(r"(.)\1\1")
_URL = re.compile(r"(https?:|www\.|t\.me/|[\w-]+\.(com|net|org|io|co|me)\b)")
_TICKER = re.compile(r"[A-Z]{2,5}(\.[A-Z])?")
_PICTURES = 0x2190  # arrows and everything above them that is no letter counts as a picture
GRAM_SIZES = (3, 4, 5)  # characters
_LONGEST = 24  # characters of a word that are looked at


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`words.toml`, turned round: what each word is (`words`: its kind, verb and flags, as in `Lexeme`)."""

    groups: tuple[str, ...]
    classes: tuple[str, ...]
    verbs: dict[str, tuple[int, int]]
    flags: dict[str, int]
    words: dict[str, tuple[int, int, int]]
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
    first_class = 1 + len(FORMS) * len(groups)
    first_picture = first_class + len(classes)
    first_shape = first_picture + len(emoji) + 1
    words = {word: (first_class + number, 0, flags[word]) for word, number in leading.items()}
    for word, (group, form) in verbs.items():
        number = 1 + len(FORMS) * group + form
        words[word] = number, number, flags.get(word, 0)
    return Lexicon(groups, classes, verbs, flags, words, pictures, kinds, first_picture, first_shape)


class Lexeme(NamedTuple):
    """One word form. `kind` indexes `Lexicon.kinds`; `verb` is 1 + 4 * group + form, or 0; `flags`: a bit a class;
    `text`: its normal form."""

    kind: int
    verb: int
    flags: int
    shout: bool
    text: str


def read_lexeme(text: str) -> Lexeme:
    """Look one word form up; look-alike spellings (BUYYY, ’s) share a normal form."""
    return Lexeme(*_read(text, lexicon()))


def _read(text: str, known: Lexicon) -> tuple[int, int, int, bool, str]:
    """The fields of a `Lexeme`, which would take as long to make as to find."""
    word = _normal(text[:_LONGEST], known)
    shout = len(text) > 1 and text.isupper()
    found = known.words.get(word)
    if found is not None:
        return *found, shout, word
    kind, word = _shape(text, word, known)
    return kind, 0, 0, shout, word


def _normal(text: str, known: Lexicon) -> str:
    word = text.lower()
    if not word.isascii():
        word = word.replace("’", "'").replace("‘", "'")
    if _THRICE.search(word) and not word.isdigit():
        once, twice = _REPEATED.sub(r"\1", word), _REPEATED.sub(r"\1\1", word)
        return once if once in known.words else twice
    return word


def _shape(text: str, word: str, known: Lexicon) -> tuple[int, str]:
    """Kind and normal form of a word that the lexicon does not hold: numbers and links lose their characters."""
    pictures, shapes = known.first_picture, known.first_shape
    if word.isascii() and word.isalpha() and word not in known.pictures:  # most words
        return shapes + _SHAPE_NUMBERS[_letters_shape(text, word)], word
    picture = known.pictures.get(word, known.pictures.get(word[:1]))
    if picture is not None:
        return pictures + picture, word
    if word and ord(word[0]) >= _PICTURES and not any(map(str.isalnum, word)):
        return shapes - 1, word
    shape, normal = _word_shape(text, word)
    return shapes + _SHAPE_NUMBERS[shape], normal


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
    upper = text.isupper()
    if upper and _TICKER.fullmatch(text):
        return "ticker"
    if not word.isalpha():
        return "mixed" if any(map(str.isalnum, word)) else "symbol"
    return "shout" if upper else "title" if text[0].isupper() else "word"


def _number_shape(word: str, unit: str) -> tuple[str, str]:
    if unit:
        return "multiple", f"<number>{unit}"
    return ("decimal", "<decimal>") if "." in word else ("number", f"<{min(len(word), 5)}>")


def character_grams(words: Sequence[str], *, sizes: Sequence[int] = GRAM_SIZES) -> tuple[Ints, Hashes]:
    """Every character n-gram inside each word, its ends marked: which word it is of, and its hash. Sizes ascend."""
    lengths = np.fromiter((len(word) + 2 for word in words), dtype=np.int64, count=len(words))
    behind = np.zeros(sizes[-1], dtype=np.uint64)
    codes = np.frombuffer("".join(f"<{word}>" for word in words).encode("utf-32-le"), dtype=np.uint32)
    padded, count = np.concatenate([codes.astype(np.uint64), behind]), len(codes)
    owners = np.repeat(np.arange(len(words)), lengths)
    ends = np.repeat(np.cumsum(lengths), lengths) - np.arange(count)  # characters up to the word's end
    hashed = np.empty((len(sizes), count), dtype=np.uint64)
    hashed[:] = np.array(sizes, dtype=np.uint64)[:, None]
    for at in range(sizes[-1]):
        longer = slice(sum(size <= at for size in sizes), None)
        hashed[longer] = combine(hashed[longer], padded[at : at + count])
    inside = ends >= np.array(sizes)[:, None]
    owner = np.broadcast_to(owners, inside.shape)[inside]
    order = np.argsort(owner, kind="stable")
    return owner[order], finish(hashed[inside])[order]


def known_rows(row_of: dict[str, int], words: list[str], rows: Ints, sizes: Ints) -> list[str]:
    """Fill in the rows that are still -1, and how many characters those words have.

    Returned are the words that have no row, once each.
    """
    if compiled.sums is not None:
        return compiled.sums.known_rows(row_of, words, rows, sizes)
    rows[:] = [row_of.get(word, -1) for word in words]
    sizes[:] = list(map(len, words))
    return list(dict.fromkeys(words[at] for at in np.flatnonzero(rows < 0).tolist()))


def new_rows(used: Ints, held: NDArray[np.bool_]) -> Ints:
    """Which of the rows in use are not held yet, once each; from now on they are."""
    if compiled.sums is not None:
        return compiled.sums.new_rows(used, held.view(np.uint8))
    rows = np.unique(used[~held[used]])
    held[rows] = True
    return rows


class LexemeTable:
    """Word forms seen so far, each in a row of its own, found by its text.

    Emptied when full, which starts another `generation`. Of each row that is held, `words` has the normal form,
    `lengths` the characters.
    """

    def __init__(self, *, bits: int = 16) -> None:
        self._rows_at_most = 1 << bits
        self.generation = 0
        self.clear()

    def clear(self, *, at_least: int = 0) -> None:
        """Forget everything, and make room for a batch of at least so many word forms."""
        self.size = max(self._rows_at_most, at_least)
        self.generation += 1
        self._row_of: dict[str, int] = {}
        self.words: list[str] = []
        self.lengths = np.zeros(self.size, dtype=np.int64)
        self.norms = np.zeros(self.size, dtype=np.uint64)
        self.kinds = np.zeros(self.size, dtype=np.int64)
        self.verbs = np.zeros(self.size, dtype=np.int64)
        self.flags = np.zeros(self.size, dtype=np.uint64)
        self.shouts = np.zeros(self.size, dtype=bool)

    def rows(self, spaced: list[str]) -> tuple[Ints, Ints]:
        """Rows of these words, with or without the space behind them, and their lengths with it.

        Words not held yet are added.
        """
        if self.size > self._rows_at_most:
            self.clear()  # an earlier batch was huge: its memory is not kept
        rows, sizes = np.full((2, len(spaced)), -1, dtype=np.int64)
        if missing := known_rows(self._row_of, spaced, rows, sizes):
            generation = self.generation
            self._hold(missing, spaced)
            if self.generation != generation:
                rows[:] = -1
            known_rows(self._row_of, spaced, rows, sizes)
        return rows, sizes

    def _hold(self, missing: list[str], spaced: list[str]) -> None:
        """Add the missing ones of these words; in a table that is too full, all of them, and nothing else."""
        bare_of = {each: bare(each) for each in missing}
        words = [word for word in dict.fromkeys(bare_of.values()) if word not in self._row_of]
        if len(self.words) + len(words) > self.size:
            bare_of = {each: bare(each) for each in spaced}
            words = list(dict.fromkeys(bare_of.values()))
            self.clear(at_least=len(words))
        if words:
            self._insert(words)
        self._row_of.update((each, self._row_of[word]) for each, word in bare_of.items())

    def _insert(self, words: list[str]) -> None:
        """Hold these words, none of them held yet."""
        first = len(self.words)
        self._row_of.update(zip(words, range(first, first + len(words)), strict=True))
        if compiled.sums is not None:
            known = lexicon()
            shapes = tuple(known.first_shape + _SHAPE_NUMBERS[name] for name in _OF_LETTERS)
            compiled.sums.insert_words(self, words, first, known, _read, get_string_id, shapes, _LONGEST)
            return
        kinds, verbs, flags, shouts, texts = zip(*map(_read, words, repeat(lexicon())), strict=True)
        added = slice(first, first + len(words))
        self.words += texts
        self.lengths[added] = list(map(len, words))
        self.norms[added] = list(map(get_string_id, texts))
        self.kinds[added] = kinds
        self.verbs[added] = verbs
        self.flags[added] = np.array(flags, dtype=np.uint64)
        self.shouts[added] = shouts
