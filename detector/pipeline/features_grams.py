"""Words and word classes in a row."""

from __future__ import annotations

import numpy as np

from detector.pipeline.features import Batch, Block, before, block
from detector.pipeline.features_hash import Hashes, combine

_WORDS, _SKIP, _CLASSES, _CLASS_WORD, _WORD_CLASS = np.arange(1, 6, dtype=np.uint64) << np.uint64(32)


def word_grams(batch: Batch) -> Block:
    """Two and three words in a row, two with a gap; the passage's beginning counts as a word."""
    two, three = (before(batch, batch.norm, back) for back in (1, 2))
    bigram = combine(batch.norm ^ _WORDS, two)
    columns = {"bigram": bigram, "trigram": combine(bigram, three), "skip": combine(batch.norm ^ _SKIP, three)}
    return block(columns, batch.passage, np.arange(len(two)), widths=(2, 3, 3))


def class_grams(batch: Batch) -> Block:
    """Two to five word classes in a row ('you should VERB', whichever the verb), and class beside word."""
    kind = batch.kind.astype(np.uint64)
    columns: dict[str, Hashes] = {}
    gram = kind ^ _CLASSES
    for size in range(2, 6):
        gram = columns[f"classes{size}"] = combine(gram, before(batch, kind, size - 1))
    columns["class_word"] = combine(batch.norm ^ _CLASS_WORD, before(batch, kind, 1))
    columns["word_class"] = combine(kind ^ _WORD_CLASS, before(batch, batch.norm, 1))
    return block(columns, batch.passage, np.arange(len(kind)), widths=(2, 3, 4, 5, 2, 2))
