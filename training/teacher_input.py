"""What the teacher reads: the word pieces of a passage after those of the passage before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from detector.pipeline.word_pieces import sequence, word_pieces

HINTS = 48  # numbers that tell the student of a teacher's hidden state
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Pieces:
    """Word pieces of passages: a sequence each, and where in it the passage itself begins."""

    sequences: list[list[int]]
    own: Ints

    def part(self, rows: Ints) -> Pieces:
        """These passages alone."""
        return Pieces([self.sequences[row] for row in rows.tolist()], self.own[rows])

    def batches(self, rows: Ints, size: int, generator: np.random.Generator | None = None) -> list[Ints]:
        """Rows of like length together; shuffled if there is a generator."""
        lengths = np.array([len(self.sequences[row]) for row in rows.tolist()], dtype=np.float64)
        if generator is not None:
            lengths += generator.uniform(-2, 2, len(rows))
        rows = rows[np.argsort(lengths, kind="stable")]
        found = [rows[low : low + size] for low in range(0, len(rows), size)]
        if generator is not None:
            order = generator.permutation(len(found))
            found = [found[number] for number in order.tolist()]
        return found

    def padded(self, rows: Ints) -> tuple[Ints, Ints, Ints]:
        """Word pieces of these rows, which of them are there, and which are the passage's own."""
        longest = max(len(self.sequences[row]) for row in rows.tolist())
        pieces, present, own = (np.zeros((len(rows), longest), dtype=np.int64) for _ in range(3))
        for number, row in enumerate(rows.tolist()):
            size = len(self.sequences[row])
            pieces[number, :size] = self.sequences[row]
            present[number, :size] = 1
            own[number, self.own[row] : size] = 1
        return pieces, present, own


def read_pieces(posts: Sequence[Sequence[str]]) -> Pieces:
    """Word pieces of posts, each given as the texts of its passages."""
    found = word_pieces([text for passages in posts for text in passages])
    sequences, own = [], []
    ends = np.cumsum([0, *(len(passages) for passages in posts)]).tolist()
    for low, high in pairwise(ends):
        for row in range(low, high):
            before = found[row - 1] if row > low else ()
            pieces, start = sequence(before, found[row], rank=row - low, remaining=high - 1 - row)
            sequences.append(pieces)
            own.append(start)
    return Pieces(sequences, np.array(own, dtype=np.int64))
