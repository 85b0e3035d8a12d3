"""Thresholds chosen for a promise: so much precision, so much recall, or so many alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detector.errors import ConfigError

Promise = Literal["precision", "recall", "alerts"]
DRAWS = 1_000
INTERVAL = (2.5, 97.5)
PER = 1_000  # alerts are counted per 1,000 posts


@dataclass(frozen=True, slots=True)
class Scored:
    """One labelled passage: the number of its post, its probability, and what the label says."""

    post: int
    probability: float
    is_recommendation: bool


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure on the given posts, and its 95 % bootstrap interval over posts."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """A threshold and what it gives on the labelled posts; alerts are flagged passages per 1,000 posts."""

    threshold: float
    precision: Interval
    recall: Interval
    alerts: Interval


def calibrate(scored: Sequence[Scored], posts: int, *, promise: Promise, level: float, seed: int = 0) -> Calibration:
    """The threshold that keeps the promise at the least cost of the other figures.

    For `precision` and `alerts` the lowest such threshold, for `recall` the highest. Raises `ConfigError`
    when the labelled posts hold no recommendation, or no threshold keeps the promise.
    """
    if not any(each.is_recommendation for each in scored):
        raise ConfigError("calibrate", "the labelled posts hold no recommendation", "label some posts that do")
    thresholds, figures = _curve(scored, posts)
    kept = {
        "precision": figures[:, 0] >= level,
        "recall": figures[:, 1] >= level,
        "alerts": figures[:, 2] <= level,
    }[promise]
    if not kept.any():
        best = figures[:, 0].max()
        raise ConfigError(
            "calibrate", f"no threshold keeps {promise} {level:g}", f"the best precision here: {best:.2f}"
        )
    # Thresholds fall along the curve: the last kept one is the lowest.
    chosen = int(np.flatnonzero(kept)[0 if promise == "recall" else -1])
    threshold = float(thresholds[chosen])
    low, high = np.nanpercentile(_bootstrap(scored, posts, threshold, seed), INTERVAL, axis=0)
    intervals = zip(figures[chosen], low, high, strict=True)
    return Calibration(threshold, *(Interval(*map(float, each)) for each in intervals))


def _curve(scored: Sequence[Scored], posts: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Every threshold, falling, and for each: precision, recall, flagged passages per 1,000 posts."""
    probability = np.array([each.probability for each in scored])
    yes = np.array([each.is_recommendation for each in scored])
    order = np.argsort(-probability, kind="stable")
    last = np.flatnonzero(np.diff(probability[order], append=-1.0))
    hits, flagged = np.cumsum(yes[order])[last], last + 1
    return probability[order][last], np.stack([hits / flagged, hits / yes.sum(), PER * flagged / posts], axis=1)


def _bootstrap(scored: Sequence[Scored], posts: int, threshold: float, seed: int) -> NDArray[np.float64]:
    """The three figures on posts drawn with replacement: passages of a post stay together."""
    counts = np.zeros((posts, 3))  # hits, flagged, recommendations of each post
    for each in scored:
        is_flagged = each.probability >= threshold
        counts[each.post] += (is_flagged and each.is_recommendation, is_flagged, each.is_recommendation)
    chance = np.random.default_rng(seed)
    weights = (np.bincount(chance.integers(0, posts, posts), minlength=posts) for _ in range(DRAWS))
    hits, flagged, wanted = np.stack([weight @ counts for weight in weights]).T
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.stack([hits / flagged, hits / wanted, PER * flagged / posts], axis=1)
