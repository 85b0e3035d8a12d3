"""A tokeniser for social text: nearly spaCy's English token boundaries, from one regular expression.

spaCy's own tokeniser tries affix after affix on every word it has not met, and social text is made of
words that it has not met. Boundaries differ where spaCy leaves tickers glued (`AAPL,$TSLA`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

NAME = "detector.Tokenizer.v1"
UNITS = "km|cm|mm|kg|mg|lb|oz|mb|MB|kb|KB|gb|GB|tb|TB|am|pm|AM|PM|T|G|M|K|g|m|t"
PIECES = (
    r"[^\W\d_]+(?=[ ,!?\n)]|$)",  # most words: no need to try the rest
    r"(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,!?;:'’”)\]}*]",
    r"[\w.+-]+@[\w-]+\.[\w.-]*\w",
    r"@\w+",
    r"<3+|[:;=][-o']?[)(DPp/\\|*3\]\[](?!\w)",
    r"(?:[A-Za-z]\.){2,}(?!\w)|(?:Mr|Mrs|Ms|Dr|Prof|St|Inc|Ltd|Corp|Co|vs|approx)\.(?=\s)",
    rf"[-+~]?\d+(?:[.,:/]\d+)*(?=(?:{UNITS})\b)",
    r"(?:(?<!\w)[-+~])?\d+(?:[.,:/]\d+)*(?:[^\W\d_]+\d*)*",
    r"n['’]t\b|['’](?:s|m|d|ll|re|ve|S|M|D|LL|RE|VE)\b",
    r"(?:(?!n['’]t\b)[\w&])+(?:\.(?:[a-z]{1,3}\b(?:/[\w/.-]*\w)?|[A-Z]\b))*",
    r"\.{2,}|-{2,}",
    r"\S",
)
TOKEN = re.compile("(?:" + "|".join(PIECES) + r") ?|\s+")
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


def tokenize(text: str) -> tuple[list[str], list[bool]]:
    """The words of a text, and for each whether one space follows; together they are the text."""
    pieces = TOKEN.findall(text)
    spaces = [piece[-1] == " " < piece[0] for piece in pieces]
    words = [piece[:-1] if space else piece for piece, space in zip(pieces, spaces, strict=True)]
    if SPLITS.keys().isdisjoint(words):
        return words, spaces
    return _with_splits(words, spaces)


def _with_splits(words: list[str], spaces: list[bool]) -> tuple[list[str], list[bool]]:
    split_words: list[str] = []
    split_spaces: list[bool] = []
    for word, space in zip(words, spaces, strict=True):
        parts = SPLITS.get(word, (word,))
        split_words += parts
        split_spaces += [False] * (len(parts) - 1) + [space]
    return split_words, split_spaces


class Tokenizer:
    """spaCy's tokeniser contract around `tokenize`."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Make a `Doc` whose text is exactly `text`."""
        words, spaces = tokenize(text)
        return Doc(self.vocab, words=words, spaces=spaces)

    def pipe(self, texts: Iterable[str], batch_size: int = 1000) -> Iterator[Doc]:
        """Tokenise a stream."""
        del batch_size
        yield from map(self, texts)

    def to_bytes(self, **kwargs: object) -> bytes:
        """Nothing to save: the rules are code."""
        del kwargs
        return b""

    def from_bytes(self, data: bytes, **kwargs: object) -> Tokenizer:
        """Nothing to load."""
        del data, kwargs
        return self

    def to_disk(self, path: str | Path, **kwargs: object) -> None:
        """Nothing to save."""
        del path, kwargs

    def from_disk(self, path: str | Path, **kwargs: object) -> Tokenizer:
        """Nothing to load."""
        del path, kwargs
        return self


def blank_language() -> Language:
    """spaCy's blank English with this tokeniser: what training and the shipped pipeline both start from."""
    return spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": NAME}}})


@registry.tokenizers(NAME)  # type: ignore[untyped-decorator]  # spaCy does not type it
def make_tokenizer() -> Callable[[Language], Tokenizer]:
    """What a saved pipeline's config names, so that `spacy.load` gives it this tokeniser again."""
    return lambda nlp: Tokenizer(nlp.vocab)
