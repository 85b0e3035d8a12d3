"""The second stage: reads the words of a passage in their order, where the linear stage sees a possible recommendation.

A small network of three convolutions. NumPy multiplies its matrices; the loops between are compiled, or NumPy's too.
`training/student.py` trains it; the arrays are named as there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from detector import compiled
from detector.pipeline.features import CASHTAG, Batch, Ints
from detector.pipeline.features_hash import buckets
from detector.pipeline.features_lexemes import LexemeTable, character_grams, lexicon, new_rows
from detector.pipeline.features_linear import MOST_OUTPUTS, Floats
from detector.pipeline.second_stage_layout import PARTS, Layout, lay_out

WORD_BITS, GRAM_BITS = 15, 13
GRAM_SIZES = (3, 4)  # characters
RANKS, REMAINING = 4, 3  # places told apart at a post's start and end
SEPARATOR = CASHTAG + 1  # the class of the mark between a passage and its neighbours
CLASSES = len(lexicon().classes)
AT_ONCE = 64  # passages looked at together: what a processor's cache holds
BLOCK = 16  # rows multiplied together
PREFIX = "second_"  # of its arrays among a model's


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController().select(user_api="blas")


@contextmanager
def one_thread() -> Iterator[None]:
    """Matrices here are small: a second thread costs more processor time, in waiting, than all of the work.

    Where `settle` has seen to that for good there is nothing to switch, which would wake the threads to be silenced.
    """
    if all(library.num_threads == 1 for library in _blas().lib_controllers):
        yield
        return
    with _blas().limit(limits=1):
        yield


class SecondStage:
    """Scores chosen passages of a batch."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], table: LexemeTable) -> None:
        self._weights = {name: np.ascontiguousarray(array, dtype=np.float32) for name, array in arrays.items()}
        _check(self._weights)
        self._convolutions = [
            (np.vstack(list(self._weights[f"convolution{number}"])), self._weights[f"convolution{number}_bias"], step)
            for number, step in ((1, 1), (2, 1), (3, 2))
        ]
        self._beside = self._weights["kind"] + self._weights["part"][:PARTS, None]  # of a word: its part and its class
        self._table = table
        self._generation = -1
        self._held = np.zeros(0, dtype=bool)
        self._vectors = np.zeros((0, 0), dtype=np.float32)

    def score(self, batch: Batch, rows: Ints) -> Floats:
        """For each of these passages: the log-odds of a recommendation, and a score for each kind."""
        if not len(rows):
            return np.zeros((0, len(self._weights["out_bias"])), dtype=np.float32)
        with one_thread():
            return np.concatenate(
                [self._score(batch, rows[low : low + AT_ONCE]) for low in range(0, len(rows), AT_ONCE)]
            )

    def _score(self, batch: Batch, rows: Ints) -> Floats:
        layout = lay_out(batch, rows)
        signal = self._signal(batch, layout)
        for number, (weights, bias, step) in enumerate(self._convolutions):
            found = windows(signal, step) @ weights
            rectify(found, bias, layout.part, signal if number else None)
            signal = found
        rank, remaining = batch.rank[rows], batch.per_section[rows] - 1 - batch.rank[rows]
        places = self._weights["place"]
        place = places[np.minimum(rank, RANKS)] + places[RANKS + 1 + np.minimum(remaining, REMAINING)]
        pooled = self._pool(signal, layout, place)
        hidden = np.maximum(_times(pooled, self._weights["hidden"]) + self._weights["hidden_bias"], 0)
        return np.asarray(_times(hidden, self._weights["out"]) + self._weights["out_bias"])

    def _signal(self, batch: Batch, layout: Layout) -> Floats:
        """What each place of the layout is before anything beside it is looked at."""
        is_word = layout.token >= 0
        words = batch.row[layout.token[is_word]]
        vectors = self._words(words)
        if compiled.sums is not None:
            return compiled.sums.signal(
                vectors, batch.row, batch.kind, layout.token, layout.part, self._beside, SEPARATOR, PARTS
            )
        kind = np.where(is_word, batch.kind[np.maximum(layout.token, 0)], SEPARATOR)
        signal = np.zeros((len(kind), vectors.shape[1]), dtype=np.float32)
        signal[is_word] = vectors[words]
        signal += self._beside[np.minimum(layout.part, PARTS - 1), kind]
        signal[layout.part == PARTS] = 0
        return signal

    def _pool(self, signal: Floats, layout: Layout, place: Floats) -> Floats:
        """Highest of the passage, its attention-weighted mean, highest of what stands before and after, its place."""
        if compiled.sums is not None:
            attention, bias = self._weights["attention"][:, 0], float(self._weights["attention_bias"][0])
            return compiled.sums.pool(signal, layout.starts, place, attention, bias)
        highest = np.maximum.reduceat(signal, layout.starts.ravel(), axis=0).reshape(*layout.starts.shape, -1)
        raw = (signal * self._weights["attention"][:, 0]).sum(axis=1, keepdims=True) + self._weights["attention_bias"]
        attention = np.exp(np.clip(raw, -25, 25))
        own = layout.starts[:, 1:3].ravel()
        summed = np.add.reduceat(np.concatenate([signal * attention, attention], axis=1), own, axis=0)[::2]
        mean = summed[:, :-1] / summed[:, -1:]
        return np.concatenate([highest[:, 1], mean, highest[:, 0], highest[:, 2], place], axis=1)

    def _words(self, used: Ints) -> Floats:
        """A vector for each row of the lexeme table; sure to hold the rows that are `used`."""
        table = self._table
        if self._generation != table.generation:
            self._generation = table.generation
            self._held = np.zeros(table.size, dtype=bool)
            self._vectors = np.zeros((table.size, self._weights["word"].shape[1]), dtype=np.float32)
        rows = new_rows(used, self._held)
        if len(rows):
            self._learn(rows)
        return self._vectors

    def _learn(self, rows: Ints) -> None:
        """Write down the vectors of these rows of the table."""
        if compiled.sums is None:
            self._vectors[rows] = self._new_words(rows)
        else:
            word, flag, gram = (self._weights[name] for name in ("word", "flag", "gram"))
            compiled.sums.learn_vectors(
                self._vectors, word, flag, gram, rows, self._table, WORD_BITS, GRAM_BITS, GRAM_SIZES[0], GRAM_SIZES[-1]
            )

    def _new_words(self, rows: Ints) -> Floats:
        """A word's vector: those of itself, of its classes, and the mean of its characters' n-grams."""
        table, weights = self._table, self._weights
        vectors = weights["word"][buckets(table.norms[rows], WORD_BITS)]
        vectors += _times(word_flags(table.flags[rows], table.shouts[rows]), weights["flag"])
        owner, grams = character_grams([table.words[row] for row in rows.tolist()], sizes=GRAM_SIZES)
        count = np.bincount(owner, minlength=len(rows))
        held = np.flatnonzero(count)
        if len(held):
            starts = (np.cumsum(count) - count)[held]
            found = weights["gram"][buckets(grams, GRAM_BITS)]
            vectors[held] += np.add.reduceat(found, starts, axis=0) / count[held, None]
        return vectors


def _check(weights: Mapping[str, Floats]) -> None:
    """See that the arrays fit each other: the compiled loops do not look again. Raises `ValueError`."""
    width, inner, place = (weights[name].shape[-1] for name in ("word", "convolution1", "place"))
    expected = {
        "word": (1 << WORD_BITS, width),
        "gram": (1 << GRAM_BITS, width),
        "flag": (CLASSES + 1, width),
        "kind": (SEPARATOR + 1, width),
        "part": (PARTS + 1, width),
        "place": (RANKS + REMAINING + 2, place),
        "convolution1": (3, width, inner),
        "convolution2": (3, inner, inner),
        "convolution3": (3, inner, inner),
        **{f"convolution{number}_bias": (inner,) for number in (1, 2, 3)},
        "attention": (inner, 1),
        "attention_bias": (1,),
    }
    wrong = [name for name, shape in expected.items() if weights[name].shape != shape]
    if wrong or width > MOST_OUTPUTS:
        raise ValueError(f"arrays of the second stage have other shapes than they need: {', '.join(wrong) or 'word'}")


def windows(signal: Floats, step: int) -> Floats:
    """Each place between those a step before and behind it, side by side."""
    if compiled.sums is not None:
        return compiled.sums.windows(signal, step)
    width = signal.shape[1]
    found = np.zeros((len(signal), 3 * width), dtype=np.float32)
    found[step:, :width] = signal[:-step]
    found[:, width : 2 * width] = signal
    found[:-step, 2 * width :] = signal[step:]
    return found


def rectify(found: Floats, bias: Floats, part: Ints, signal: Floats | None) -> None:
    """Add bias, cut off what is negative, empty the gaps, and add the signal; all where `found` stands."""
    if compiled.sums is not None:
        compiled.sums.rectify(found, bias, part, PARTS, signal)
        return
    found += bias
    np.maximum(found, 0, out=found)
    found[part == PARTS] = 0
    if signal is not None:
        found += signal


def _times(rows: Floats, weights: Floats) -> Floats:
    """A product of which each row is the same to the last digit, whatever other rows stand beside it.

    How numbers are added up depends on the shape of a product, so that all are brought to one shape.
    """
    blocks = np.zeros((-(-len(rows) // BLOCK), BLOCK, rows.shape[1]), dtype=np.float32)
    blocks.reshape(-1, rows.shape[1])[: len(rows)] = rows
    return np.asarray((blocks @ weights).reshape(-1, weights.shape[1])[: len(rows)])


def word_flags(flags: NDArray[np.uint64], shouts: NDArray[np.bool_]) -> Floats:
    """The word classes of the lexicon that words are in, a column each, and whether they are shouted."""
    bits = (flags[:, None] >> np.arange(CLASSES, dtype=np.uint64)) & np.uint64(1)
    return np.concatenate([bits, shouts[:, None]], axis=1).astype(np.float32)
