"""Words and word classes in a row."""

from __future__ import annotations

import numpy as np

from detector import compiled
from detector.pipeline.features import Batch, Block, before
from detector.pipeline.features_hash import Hashes, combine

_WORDS, _SKIP, _CLASSES, _CLASS_WORD, _WORD_CLASS = np.arange(1, 6, dtype=np.uint64) << np.uint64(32)


def word_grams(batch: Batch) -> Block:
    """Two and three words in a row, two with a gap; the passage's beginning counts as a word."""
    hashes = _word_hashes(batch) if compiled.sums is None else compiled.sums.word_grams(batch)
    return Block(("bigram", "trigram", "skip"), batch.passage, hashes, np.arange(len(batch.norm)), (2, 3, 3))


def _word_hashes(batch: Batch) -> Hashes:
    two, three = (before(batch, batch.norm, back) for back in (1, 2))
    bigram = combine(batch.norm ^ _WORDS, two)
    return np.stack([bigram, combine(bigram, three), combine(batch.norm ^ _SKIP, three)], axis=1)


def class_grams(batch: Batch) -> Block:
    """Two to five word classes in a row ('you should VERB', whichever the verb), and class beside word."""
    hashes = _class_hashes(batch) if compiled.sums is None else compiled.sums.class_grams(batch)
    names = *(f"classes{size}" for size in range(2, 6)), "class_word", "word_class"
    return Block(names, batch.passage, hashes, np.arange(len(batch.norm)), (2, 3, 4, 5, 2, 2))


def _class_hashes(batch: Batch) -> Hashes:
    kind = batch.kind.astype(np.uint64)
    grams = [kind ^ _CLASSES]
    for back in range(1, 5):
        grams.append(combine(grams[-1], before(batch, kind, back)))
    class_word = combine(batch.norm ^ _CLASS_WORD, before(batch, kind, 1))
    word_class = combine(kind ^ _WORD_CLASS, before(batch, batch.norm, 1))
    return np.stack([*grams[1:], class_word, word_class], axis=1)
