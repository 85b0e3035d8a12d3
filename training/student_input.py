"""What the student learns from: the same words in the same layout as the second stage reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.pipeline.features import Batch, Ints
from detector.pipeline.features_hash import buckets
from detector.pipeline.features_lexemes import LexemeTable, character_grams
from detector.pipeline.second_stage import (
    GRAM_BITS,
    GRAM_SIZES,
    RANKS,
    REMAINING,
    SEPARATOR,
    WORD_BITS,
    word_flags,
)
from detector.pipeline.second_stage_layout import PARTS, lay_out

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Words:
    """Passages of a batch, and of each distinct word what its vector is made of."""

    batch: Batch
    word: Ints  # of each token: which distinct word
    bucket: Ints
    flags: Floats
    gram: Ints
    gram_first: Ints
    gram_count: Ints

    def padded(self, rows: Ints) -> dict[str, NDArray[Any]]:
        """These passages side by side, shorter ones filled up; each distinct word appears once."""
        layout = lay_out(self.batch, rows)
        width = int(np.diff(layout.starts[:, [0, 3]], axis=1).max())
        owner = np.repeat(np.arange(len(rows)), np.diff(np.r_[layout.starts[:, 0], len(layout.part)]))
        column = np.arange(len(owner)) - layout.starts[owner, 0]
        kept = layout.part < PARTS
        token = np.full((len(rows), width), -1, dtype=np.int64)
        part = np.full((len(rows), width), PARTS, dtype=np.int64)
        token[owner[kept], column[kept]] = layout.token[kept]
        part[owner[kept], column[kept]] = layout.part[kept]
        is_word = token >= 0
        held = np.maximum(token, 0)
        words, index = np.unique(np.where(is_word, self.word[held], -1), return_inverse=True)
        known = np.maximum(words, 0)
        count = self.gram_count[known]
        offset = np.cumsum(count) - count
        gram = self.gram[np.repeat(self.gram_first[known] - offset, count) + np.arange(count.sum())]
        rank, remaining = self.batch.rank[rows], self.batch.per_section[rows] - 1 - self.batch.rank[rows]
        return {
            "bucket": self.bucket[known], "flags": self.flags[known], "real": (words >= 0).astype(np.float32),
            "gram": gram, "offset": offset, "index": index.reshape(token.shape), "part": part,
            "kind": np.where(is_word, self.batch.kind[held], SEPARATOR),
            "place": np.stack([np.minimum(rank, RANKS), RANKS + 1 + np.minimum(remaining, REMAINING)], axis=1),
        }  # fmt: skip


def read_words(batch: Batch, table: LexemeTable) -> Words:
    """The words of a batch that was read with this table."""
    rows, word = np.unique(batch.row, return_inverse=True)
    owner, grams = character_grams([table.words[row] for row in rows.tolist()], sizes=GRAM_SIZES)
    count = np.bincount(owner, minlength=len(rows))
    return Words(
        batch, word.astype(np.int64), buckets(table.norms[rows], WORD_BITS),
        word_flags(table.flags[rows], table.shouts[rows]), buckets(grams, GRAM_BITS), np.cumsum(count) - count, count,
    )  # fmt: skip
