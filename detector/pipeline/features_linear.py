"""The sparse features as a linear model sees them: hashed to a table of weights, scaled by the passage's length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector import compiled
from detector.compiled.interface import Sums
from detector.pipeline.features import Batch, Block, Ints, pick, ranges
from detector.pipeline.features_grams import class_grams, word_grams
from detector.pipeline.features_hash import Hashes, buckets, chain
from detector.pipeline.features_lexemes import GRAM_SIZES, LexemeTable, character_grams, new_rows
from detector.pipeline.features_voice import passages, verbs

Floats = NDArray[np.float32]

# How much each family of features weighs before training; chosen by cross-validation (training/README.md).
OWN, CHARACTERS, PREVIOUS, FOLLOWING, POST = 1.0, 0.33, 0.5, 0.3, 0.5
WORDS, CLASSES, VERBS, PASSAGES = 0.58, 0.41, 0.25, 0.15
SLICE = 1 << 11  # tokens looked at together: what a processor's cache holds
AT_ONCE = 1 << 8  # rows of features looked at together, for the same reason
# What a word brings: to its own passage, to the next one, to the one before, to its whole section.
HEAD_VALUES = (OWN, PREVIOUS, FOLLOWING, POST)
HEADS = len(HEAD_VALUES)
MOST_OUTPUTS = 128  # as many as the compiled loops have room for
FIRST_HEAD = 100  # the number of the first head's feature


def scaled_blocks(batch: Batch) -> Iterator[tuple[Block, Floats]]:
    """Each block of hashed features, with the value that they have in each passage."""
    yield from own_blocks(batch)
    yield passages(batch), np.full(len(batch.size), PASSAGES, dtype=np.float32)


def own_blocks(batch: Batch) -> Iterator[tuple[Block, Floats]]:
    """Those that only a passage's own words decide."""
    long = shrink(batch.size)
    yield word_grams(batch), WORDS * long
    yield class_grams(batch), CLASSES * long
    if batch.verb.any():
        yield verbs(batch), np.full(len(batch.size), VERBS, dtype=np.float32)


def shrink(sizes: Ints) -> Floats:
    """One over the root of a size: long passages do not win by length alone."""
    return (1 / np.sqrt(np.maximum(sizes, 1))).astype(np.float32)


def lexeme_entries(
    words: Sequence[str], norms: NDArray[np.uint64], bits: int
) -> Iterator[tuple[int, Ints, Ints, float]]:
    """For distinct words: head, which word, which weight, value."""
    each = np.arange(len(words))
    for head, (index, value) in enumerate(zip(word_weights(norms, bits), HEAD_VALUES, strict=True)):
        yield head, each, index, value
    owner, grams = character_grams(words)
    yield 0, owner, buckets(grams, bits), CHARACTERS


def word_weights(norms: NDArray[np.uint64], bits: int) -> Ints:
    """For each head and word: which weight."""
    return buckets(chain(np.arange(FIRST_HEAD, FIRST_HEAD + HEADS)[:, None], norms), bits)


def unpacked(weights: NDArray[np.int8], steps: Floats) -> Floats:
    """Weights from the bytes that hold their signed roots, in steps."""
    small = weights.astype(np.float32)
    return np.asarray(small * np.abs(small) * steps)


class LinearStage:
    """Weights of the hashed features, one column an output, and what each known word adds by itself.

    Stages that score the same batches share a `table` of word forms. With `steps`, one an output, the weights are the
    bytes that a model ships (`unpacked`), which take a quarter of the memory.
    """

    def __init__(
        self,
        weights: NDArray[Any],
        bias: Floats,
        table: LexemeTable | None = None,
        *,
        steps: Floats | None = None,
    ) -> None:
        outputs = len(bias)  # the compiled loops do not look again
        if weights.shape[1:] != (outputs,) or len(weights) <= 1 or outputs > MOST_OUTPUTS:
            raise ValueError(f"weights of the shape {weights.shape} for {outputs} outputs")
        if steps is not None and steps.shape != (outputs,):
            raise ValueError(f"steps of the shape {steps.shape} for {outputs} outputs")
        self.weights = weights
        self.bias = bias
        self._steps = steps
        self.bits = len(weights).bit_length() - 1
        self.table = LexemeTable() if table is None else table
        self._generation = -1
        self._held = np.zeros(0, dtype=bool)
        self._known = np.zeros((0, 0), dtype=np.float32)

    def score(self, batch: Batch, blocks: Sequence[tuple[Block, Floats]], wanted: Ints | None = None) -> Floats:
        """The outputs of every passage, or of the `wanted` ones (ascending); `blocks` are those of the batch."""
        if compiled.sums is not None:
            every = np.arange(len(batch.size))
            return self._score_compiled(compiled.sums, batch, blocks, every if wanted is None else wanted)
        if wanted is None or len(wanted) == len(batch.size):
            scores = self._of_words(batch)
            for block, value in blocks:
                scores += _sum_by(self.rows_of(block.hashes), block.owner, len(batch.size)) * value[:, None]
            return scores
        if not len(wanted):
            return np.zeros((0, len(self.bias)), dtype=np.float32)
        around = _with_sections(batch, wanted)
        scores = self._of_words(pick(batch, around))[np.searchsorted(around, wanted)]
        place = np.full(len(batch.size), -1)
        place[wanted] = np.arange(len(wanted))
        for block, value in blocks:
            owner = place[block.owner]
            kept = np.flatnonzero(owner >= 0)
            rows = self.rows_of(block.hashes[kept])
            scores += _sum_by(rows, owner[kept], len(wanted)) * value[wanted][:, None]
        return scores

    def _score_compiled(self, sums: Sums, batch: Batch, blocks: Sequence[tuple[Block, Floats]], wanted: Ints) -> Floats:
        scores = np.empty((len(wanted), len(self.bias)), dtype=np.float32)
        scores[:] = self.bias
        if not len(wanted):
            return scores
        place = np.full(len(batch.size), -1)
        place[wanted] = np.arange(len(wanted))
        used = batch.row
        if len(wanted) < len(batch.size):
            around = _with_sections(batch, wanted)
            tokens, _ = ranges(batch.first[around], batch.first[around] + batch.size[around])
            used = used[tokens]
        sums.add_words(scores, self.lexemes(used), batch, place)
        for block, value in blocks:
            sums.add_hashed(scores, self.weights, self._steps, block.hashes, block.owner, value, place, self.bits)
        return scores

    def _of_words(self, batch: Batch) -> Floats:
        """What the passages' words add one by one, and those beside them."""
        sums = self._lexeme_sums(batch)
        return np.asarray(self.bias + sums[:, 0] * shrink(batch.size)[:, None] + _around(batch, sums))

    def _lexeme_sums(self, batch: Batch) -> Floats:
        """What the words of each passage add, by head; by slices, so that an endless post needs no more memory."""
        known = self.lexemes(batch.row)
        sums = np.zeros((len(batch.size), known.shape[1]), dtype=np.float32)
        for part in _slices(batch.passage):
            _add_by(sums, known[batch.row[part]], batch.passage[part])
        return sums.reshape(len(batch.size), HEADS, self.weights.shape[1])

    def rows_of(self, hashes: Hashes) -> Floats:
        """What each row of a block's hashes adds, before scaling."""
        index = buckets(hashes, self.bits)
        if self.weights.shape[1] == 1 and self._steps is None:
            return np.asarray(self.weights[:, 0].take(index).sum(axis=1, dtype=np.float32)[:, None])
        total = np.empty((len(index), self.weights.shape[1]), dtype=np.float32)
        for low in range(0, len(index), AT_ONCE):
            part = slice(low, low + AT_ONCE)
            self._weights_at(index[part]).sum(axis=1, out=total[part])
        return total

    def _weights_at(self, index: Ints) -> Floats:
        rows = self.weights.take(index, axis=0)
        return rows if self._steps is None else unpacked(rows, self._steps)

    def lexemes(self, used: Ints) -> Floats:
        """What each row of the lexeme table adds, heads side by side; sure to hold the rows that are `used`."""
        table, outputs = self.table, self.weights.shape[1]
        if self._generation != table.generation:
            self._generation = table.generation
            self._held = np.zeros(table.size, dtype=bool)
            self._known = np.zeros((table.size, HEADS * outputs), dtype=np.float32)
        rows = new_rows(used, self._held)
        if len(rows):
            self._learn(rows)
        return self._known

    def _learn(self, rows: Ints) -> None:
        """Write down what these rows of the table add."""
        table = self.table
        values = np.array(HEAD_VALUES, dtype=np.float32)
        if compiled.sums is not None:
            compiled.sums.learn_words(
                self._known, self.weights, self._steps, rows, table.words, table.norms, values, FIRST_HEAD, CHARACTERS,
                GRAM_SIZES[0], GRAM_SIZES[-1], self.bits,
            )  # fmt: skip
        else:
            words = [table.words[row] for row in rows.tolist()]
            added = self._weights_at(word_weights(table.norms[rows], self.bits).T) * values[:, None]
            owner, grams = character_grams(words)
            added[:, 0] += CHARACTERS * _sum_by(self._weights_at(buckets(grams, self.bits)), owner, len(rows))
            self._known[rows] = added.reshape(len(rows), -1)


def _with_sections(batch: Batch, wanted: Ints) -> Ints:
    """These passages and all others of their sections, whose words count too."""
    in_sections = np.zeros(int(batch.section[-1]) + 1, dtype=bool)
    in_sections[batch.section[wanted]] = True
    return np.flatnonzero(in_sections[batch.section])


def _around(batch: Batch, sums: Floats) -> Floats:
    """What neighbours' words and the whole section's add."""
    scaled = sums * shrink(batch.size)[:, None, None]
    around = np.zeros_like(sums[:, 0])
    same = batch.section[1:] == batch.section[:-1]
    around[1:] += np.where(same[:, None], scaled[:-1, 1], 0)
    around[:-1] += np.where(same[:, None], scaled[1:, 2], 0)
    sections = int(batch.section[-1]) + 1 if len(batch.section) else 0
    tokens = np.bincount(batch.section, weights=batch.size, minlength=sections).astype(np.int64)
    return around + (_sum_by(sums[:, 3], batch.section, sections) * shrink(tokens)[:, None])[batch.section]


def _slices(owner: Ints) -> Iterator[slice]:
    """At most `SLICE` rows each; an owner is cut only where it would be cut if it stood alone. Owners ascend.

    So its sum is the same to the last digit, whatever else is in the batch.
    """
    if len(owner) <= SLICE:
        yield slice(0, len(owner))
        return
    ends = np.append(np.flatnonzero(owner[1:] != owner[:-1]) + 1, len(owner))
    low = 0
    while low < len(owner):
        next_end = int(np.searchsorted(ends, low, side="right"))
        last_end = int(np.searchsorted(ends, low + SLICE, side="right")) - 1
        high = int(ends[last_end]) if last_end >= next_end else low + SLICE
        yield slice(low, high)
        low = high


def _sum_by(rows: Floats, owner: Ints, count: int) -> Floats:
    """Sum rows that have the same owner; owners ascend."""
    total = np.zeros((count, rows.shape[1]), dtype=np.float32)
    _add_by(total, rows, owner)
    return total


def _add_by(total: Floats, rows: Floats, owner: Ints) -> None:
    """Add rows to their owners' totals; owners ascend."""
    if len(owner):
        first = np.empty(len(owner), dtype=bool)
        first[0] = True
        np.not_equal(owner[1:], owner[:-1], out=first[1:])
        starts = first.nonzero()[0]
        total[owner[starts]] += np.add.reduceat(rows, starts, axis=0)
