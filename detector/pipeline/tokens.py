"""A text as words: nearly spaCy's English token boundaries, from one regular expression.

spaCy's own tokeniser tries affix after affix on every word it has not met, and social text is made of
words that it has not met. Boundaries differ where spaCy leaves tickers glued (`AAPL,$TSLA`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from detector import compiled

if TYPE_CHECKING:
    from spacy.tokens import Doc

MOST_TOKENS = 1 << 15  # in one batch: bounds memory
ABBREVIATIONS = ("Mr", "Mrs", "Ms", "Dr", "Prof", "St", "Inc", "Ltd", "Corp", "Co", "vs", "approx")
UNITS = "km|cm|mm|kg|mg|lb|oz|mb|MB|kb|KB|gb|GB|tb|TB|am|pm|AM|PM|T|G|M|K|g|m|t"
PIECES = (
    r"[A-Za-z]++(?=[ ,!?\n)]|$)",  # most words: no need to try the rest
    r"[^\W\d_]++(?=[ ,!?\n)]|$)",
    r"(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,!?;:'’”)\]}*]",
    r"[\w.+-]+@[\w-]+\.[\w.-]*\w",
    r"@\w+",
    r"<3+|[:;=][-o']?[)(DPp/\\|*3\]\[](?!\w)",
    rf"(?:[A-Za-z]\.){{2,}}(?!\w)|(?:{'|'.join(ABBREVIATIONS)})\.(?=\s)",
    rf"[-+~]?\d+(?:[.,:/]\d+)*(?=(?:{UNITS})\b)",
    r"(?:(?<!\w)[-+~])?\d+(?:[.,:/]\d+)*(?:[^\W\d_]+\d*)*",
    r"n['’]t\b|['’](?:s|m|d|ll|re|ve|S|M|D|LL|RE|VE)\b",
    r"(?:(?!n['’]t\b)[\w&])+(?:\.(?:[a-z]{1,3}\b(?:/[\w/.-]*\w)?|[A-Z]\b))*",
    r"\.{2,}|-{2,}",
    r"\S",
)
TOKEN = re.compile("(?:" + "|".join(PIECES) + r") ?|\s+")
_MATCH, _ABBREVIATIONS = TOKEN.match, frozenset(ABBREVIATIONS)
SPLITS = {
    whole: (whole[:cut], whole[cut:])
    for word, cut in (
        ("cannot", 3), ("dont", 2), ("doesnt", 4), ("didnt", 3), ("cant", 2), ("wont", 2), ("isnt", 2), ("arent", 3),
        ("wasnt", 3), ("werent", 4), ("couldnt", 5), ("shouldnt", 6), ("wouldnt", 5), ("havent", 4), ("hasnt", 3),
        ("hadnt", 3), ("im", 1), ("ive", 1), ("youre", 3), ("youve", 3), ("theyre", 4), ("thats", 4), ("gonna", 3),
        ("gotta", 3), ("whats", 4),
    )
    for whole in (word, word.capitalize(), word.upper())
}  # fmt: skip


# The same with the space behind them.
_SPACED_SPLITS = SPLITS | {f"{whole} ": (first, f"{rest} ") for whole, (first, rest) in SPLITS.items()}


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text, and its words in order, each `spaced`: with the one space behind it, where there is one.

    Together the words are the text. It is as much of a spaCy `Doc` as the classifier asks for, at a fraction of its
    price.
    """

    text: str
    spaced: Sequence[str]

    def __len__(self) -> int:
        """How many words it has."""
        return len(self.spaced)


Text = TypeVar("Text", "Tokens", "Doc")


def read_tokens(text: str) -> Tokens:
    """The words of a text."""
    return Tokens(text, spaced_words(text))


def spaced_words(text: str) -> list[str]:
    """The words of a text in order, each with the one space behind it, where there is one."""
    words = TOKEN.findall(text) if compiled.scans is None else compiled.scans.spaced_words(text, _MATCH, _ABBREVIATIONS)
    if _SPACED_SPLITS.keys().isdisjoint(words):
        return words
    return [part for word in words for part in _SPACED_SPLITS.get(word, (word,))]


def bare(spaced: str) -> str:
    """The word without the space behind it; white space is a word of its own."""
    return spaced[:-1] if spaced[-1] == " " < spaced[0] else spaced


def tokenize(text: str) -> tuple[list[str], list[bool]]:
    """The words of a text, and for each whether one space follows; together they are the text."""
    spaced = spaced_words(text)
    words = list(map(bare, spaced))
    return words, [len(word) < len(each) for word, each in zip(words, spaced, strict=True)]


def in_batches(stream: Iterable[Text], batch_size: int) -> Iterator[list[Text]]:
    """So many texts at a time, fewer where they are long."""
    batch: list[Text] = []
    tokens = 0
    for text in stream:
        batch.append(text)
        tokens += len(text)
        if len(batch) >= batch_size or tokens >= MOST_TOKENS:
            yield batch
            batch, tokens = [], 0
    if batch:
        yield batch
