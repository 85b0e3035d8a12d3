"""Figures that say how well passages are judged, each with an interval from resampling posts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and the middle 95 % of what resampled posts give."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


@dataclass(frozen=True, slots=True)
class Curve:
    """Precision and recall at every threshold, from the highest score down."""

    precision: Floats
    recall: Floats
    threshold: Floats

    @property
    def f1(self) -> Floats:
        """F1 at every threshold."""
        both = self.precision + self.recall
        return np.asarray(2 * self.precision * self.recall / np.where(both > 0, both, 1))


def curve(truth: Bools, score: Floats, weight: Floats) -> Curve:
    """The precision-recall curve, equal scores taken together."""
    order = np.argsort(-score, kind="stable")
    hits, all_ = np.cumsum((truth * weight)[order]), np.cumsum(weight[order])
    last = np.flatnonzero(np.r_[score[order][1:] != score[order][:-1], True]) if len(order) else order
    total = max(float(hits[-1]), 1e-12) if len(order) else 1.0
    return Curve(hits[last] / np.maximum(all_[last], 1e-12), hits[last] / total, score[order][last])


def average_precision(truth: Bools, score: Floats, weight: Floats) -> float:
    """Area under the precision-recall curve, by steps."""
    found = curve(truth, score, weight)
    return float(np.sum(np.diff(np.r_[0.0, found.recall]) * found.precision))


def best_f1(truth: Bools, score: Floats, weight: Floats) -> float:
    """F1 at the best threshold for this very set."""
    return float(curve(truth, score, weight).f1.max(initial=0.0))


def recall_at(precision: float) -> Callable[[Bools, Floats, Floats], float]:
    """Recall at the lowest threshold that keeps this precision."""

    def recall(truth: Bools, score: Floats, weight: Floats) -> float:
        found = curve(truth, score, weight)
        return float(found.recall[found.precision >= precision].max(initial=0.0))

    return recall


def precision_of(truth: Bools, flagged: Bools, weight: Floats) -> float:
    """Share of the flagged that is true."""
    return float(np.sum(weight * (truth & flagged)) / max(np.sum(weight * flagged), 1e-12))


def recall_of(truth: Bools, flagged: Bools, weight: Floats) -> float:
    """Share of the true that is flagged."""
    return float(np.sum(weight * (truth & flagged)) / max(np.sum(weight * truth), 1e-12))


def f1_of(truth: Bools, flagged: Bools, weight: Floats) -> float:
    """Harmonic mean of precision and recall."""
    return float(2 * np.sum(weight * (truth & flagged)) / max(np.sum(weight * truth) + np.sum(weight * flagged), 1e-12))


def calibration_error(truth: Bools, probability: Floats, weight: Floats) -> float:
    """Expected calibration error: mean gap of probability and frequency over ten bins of equal width."""
    bins = np.minimum((probability * 10).astype(np.int64), 9)
    gap = np.bincount(bins, weights=weight * (truth - probability), minlength=10)
    return float(np.abs(gap).sum() / max(weight.sum(), 1e-12))


def reliability(truth: Bools, probability: Floats) -> list[dict[str, float]]:
    """For each of ten bins: how many passages, mean probability, share that is true."""
    bins = np.minimum((probability * 10).astype(np.int64), 9)
    rows = []
    for number in range(10):
        inside = bins == number
        if inside.any():
            rows.append(
                {
                    "passages": int(inside.sum()),
                    "probability": float(probability[inside].mean()),
                    "share": float(truth[inside].mean()),
                }
            )
    return rows


def figure(measure: Callable[[Floats], float], posts: Ints, *, rounds: int = 200, seed: int = 0) -> Figure:
    """`measure(weight of each passage)` on the set itself, and on sets of posts drawn with replacement."""
    names, index = np.unique(posts, return_inverse=True)
    generator = np.random.default_rng(seed)
    drawn = [
        measure(
            generator.multinomial(len(names), np.full(len(names), 1 / max(len(names), 1)))[index].astype(np.float64)
        )
        for _ in range(rounds)
    ]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Figure(measure(np.ones(len(posts))), float(low), float(high))
