"""The tokeniser of `tokens.py` as spaCy knows tokenisers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from detector.pipeline.tokens import tokenize

NAME = "detector.Tokenizer.v1"


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
