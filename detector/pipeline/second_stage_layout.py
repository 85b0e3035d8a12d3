"""Passages laid out for the second stage: each between the words around it, one after the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detector import compiled
from detector.pipeline.features import Batch, Ints

PREVIOUS, OWN, FOLLOWING = 10, 44, 6  # tokens seen of the passage before, of itself, of the one after
GAP = 2  # empty places between passages: as many as the widest convolution reaches
BEFORE, ITSELF, BEHIND = range(3)
PARTS = 3  # also the number of the part that stands for a gap


@dataclass(frozen=True, slots=True)
class Layout:
    """Places one after the other: `token` of the batch (-1 for a mark or a gap) and `part` of its passage.

    `starts`, a row a passage: where its previous words, its own, its following and its gap begin.
    """

    token: Ints
    part: Ints
    starts: Ints


def lay_out(batch: Batch, rows: Ints) -> Layout:
    """Previous words, a mark, own, a mark, following, a gap: of each of these passages."""
    if compiled.sums is not None:
        return Layout(*compiled.sums.lay_out(rows, batch, PREVIOUS, OWN, FOLLOWING, GAP))
    before, behind = rows - (batch.rank[rows] > 0), rows + (batch.rank[rows] < batch.per_section[rows] - 1)
    held_before = np.where(before < rows, np.minimum(batch.size[before], PREVIOUS), 0)
    own = np.minimum(batch.size[rows], OWN)
    held_behind = np.where(behind > rows, np.minimum(batch.size[behind], FOLLOWING), 0)
    one = np.ones_like(rows)
    sizes = np.stack([held_before, one, own, one, held_behind, GAP * one], axis=1)
    first = np.stack([batch.first[rows] - held_before, one, batch.first[rows], one, batch.first[behind], one], axis=1)
    ends = np.cumsum(sizes.ravel())
    base = ends - sizes.ravel()
    column = np.repeat(np.arange(sizes.size), sizes.ravel())
    stretch = column % sizes.shape[1]
    token = np.arange(int(ends[-1])) - base[column] + first.ravel()[column]
    part = np.array([BEFORE, BEFORE, ITSELF, BEHIND, BEHIND, PARTS])[stretch]
    starts = np.ascontiguousarray(base.reshape(sizes.shape)[:, [0, 2, 3, 5]])
    return Layout(np.where(stretch % 2 == 0, token, -1), part, starts)
