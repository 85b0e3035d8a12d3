"""The few figures that say whether an adapted model got better or worse, with bootstrap intervals over posts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 200
INTERVAL = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Figures:
    """Average precision, F1 at the model's threshold with its 95 % interval over posts, and how many passages."""

    passages: int
    recommendations: int
    average_precision: float
    f1: float
    f1_low: float
    f1_high: float


def figures(
    truth: NDArray[np.bool_], probability: NDArray[np.float64], post: NDArray[np.int64], threshold: float
) -> Figures:
    """Measure probabilities against labels."""
    flagged = probability >= threshold
    counts = np.zeros((int(post.max(initial=-1)) + 1, 3))  # hits, flagged, recommendations of each post
    np.add.at(counts, post, np.stack([flagged & truth, flagged, truth], axis=1).astype(np.float64))
    chance = np.random.default_rng(0)
    drawn = [_f1(counts[chance.integers(0, len(counts), len(counts))].sum(axis=0)) for _ in range(DRAWS)]
    low, high = np.percentile(drawn, INTERVAL).tolist()
    precision = _average_precision(truth, probability)
    return Figures(len(truth), int(truth.sum()), precision, _f1(counts.sum(axis=0)), low, high)


def _f1(counts: NDArray[np.float64]) -> float:
    hits, flagged, wanted = counts.tolist()
    return 2 * hits / (flagged + wanted) if flagged + wanted else 0.0


def _average_precision(truth: NDArray[np.bool_], probability: NDArray[np.float64]) -> float:
    """Mean precision over recommendations; equal probabilities count as one threshold."""
    order = np.argsort(-probability, kind="stable")
    last = np.flatnonzero(np.diff(probability[order], append=-1.0))
    hits = np.cumsum(truth[order])[last]
    gained = np.diff(hits, prepend=0)
    return float(np.sum(gained * hits / (last + 1)) / max(int(truth.sum()), 1))
