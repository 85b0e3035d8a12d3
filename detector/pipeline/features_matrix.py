"""The hashed features of passages as one sparse matrix, each sum of the linear stage as a product: for training."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from detector.pipeline.features import Batch
from detector.pipeline.features_hash import buckets
from detector.pipeline.features_lexemes import LexemeTable
from detector.pipeline.features_linear import HEADS, lexeme_entries, scaled_blocks, shrink


def feature_matrix(batch: Batch, table: LexemeTable, *, bits: int) -> sparse.csr_matrix:
    """A row a passage; the batch has to come from this table."""
    count = len(batch.size)
    total = _lexeme_features(batch, table, bits=bits)
    for block, value in scaled_blocks(batch):
        index = buckets(block.hashes, bits)
        owner = np.repeat(block.owner, index.shape[1])
        total = total + _sparse(owner, index.ravel(), value[owner], (count, 1 << bits))
    return total.tocsr()


def _lexeme_features(batch: Batch, table: LexemeTable, *, bits: int) -> sparse.csr_matrix:
    """Each passage's words times what each word brings, for the passage itself, its neighbours and its post."""
    words = table.words
    count, tokens = len(batch.size), np.ones(len(batch.row), dtype=np.float32)
    holds = _sparse(batch.passage, batch.row, tokens, (count, len(words)))
    reach = _reach(batch)
    brings = [sparse.csr_matrix((len(words), 1 << bits), dtype=np.float32) for _ in range(HEADS)]
    for head, owner, index, value in lexeme_entries(words, table.norms[: len(words)], bits):
        brings[head] = brings[head] + _sparse(
            owner, index, np.full(len(owner), value, dtype=np.float32), (len(words), 1 << bits)
        )
    return sum(
        (reach[head] @ holds @ brings[head] for head in range(HEADS)),
        start=sparse.csr_matrix((count, 1 << bits), dtype=np.float32),
    )


def _reach(batch: Batch) -> list[sparse.csr_matrix]:
    """Whose words count for whom, and how much: own, previous, following, whole section."""
    count = len(batch.size)
    scale = sparse.diags(shrink(batch.size))
    same = (batch.section[1:] == batch.section[:-1]).astype(np.float32)
    sections = _sparse(
        np.arange(count),
        batch.section,
        np.ones(count, dtype=np.float32),
        (count, int(batch.section.max(initial=0)) + 1),
    )
    tokens = np.asarray(sections.T @ batch.size).astype(np.int64)
    whole = sections @ sparse.diags(shrink(tokens)) @ sections.T
    return [scale, sparse.diags(same, -1) @ scale, sparse.diags(same, 1) @ scale, whole]


def _sparse(
    rows: NDArray[np.int64], columns: NDArray[np.int64], values: NDArray[np.float32], shape: tuple[int, int]
) -> sparse.csr_matrix:
    return sparse.csr_matrix((values, (rows, columns)), shape=shape, dtype=np.float32)
