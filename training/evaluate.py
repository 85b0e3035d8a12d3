"""Measure scores against labels: overall, by kind, by source and by post, each with an interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.reading import KINDS, RECOMMENDATION_KINDS
from training import metrics
from training.corpus import Corpus
from training.metrics import Figure

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Rows = NDArray[np.int64]
YES = len(RECOMMENDATION_KINDS)
NATURAL = "natural"  # posts drawn at random: the only ones to score on
NOT_FINANCIAL = "nonfin_"  # how the data sets without any finance are called
LENGTHS = (30, 60, 120, 240)  # characters: where the rows of the table by length part
SMALLEST = 5  # recommendations that a source needs for figures of its own


@dataclass(frozen=True)
class Scored:
    """Scores of some labelled passages: probability of a recommendation, P(kind), and what is known of each."""

    truth: Bools
    kind: Rows
    probability: Floats
    kinds: Floats
    post: Rows
    dataset: NDArray[np.str_]
    length: Rows

    def part(self, rows: Bools) -> Scored:
        """These passages alone."""
        return Scored(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})


def scored_by(corpus: Corpus, rows: Bools, probability: Floats, kinds: Floats) -> Scored:
    """Scores of these rows of a corpus."""
    length = np.array([one.end - one.start for one in corpus.passages], dtype=np.int64)
    return Scored(
        corpus.truth[rows], corpus.kind[rows], probability[rows], kinds[rows], corpus.post[rows],
        corpus.dataset[rows], length[rows],
    )  # fmt: skip


A_HAIR = 0.005
MOST_ALARMS = 0.002  # share of non-financial posts that may be flagged


def best_threshold(scored: Scored) -> float:
    """The highest probability from which flagging gives the best F1, or one within a hair of it.

    F1 is flat around its best: of thresholds that are as good, the one with the fewest false alarms is chosen. None
    counts that flags more than `MOST_ALARMS` of the non-financial posts.
    """
    found = metrics.curve(scored.truth, scored.probability, np.ones(len(scored.truth)))
    allowed = found.threshold > _quiet_from(scored)
    if not allowed.any():
        allowed[:] = True
    good = found.threshold[allowed & (found.f1 >= found.f1[allowed].max() - A_HAIR)]
    return float(np.floor(good.max() * 1000) / 1000)


def _quiet_from(scored: Scored) -> float:
    """The probability above which few enough non-financial posts are flagged."""
    outside = np.char.startswith(scored.dataset, NOT_FINANCIAL) & ~scored.truth
    posts = np.unique(scored.post[np.char.startswith(scored.dataset, NOT_FINANCIAL)])
    highest = np.zeros(len(posts))
    np.maximum.at(highest, np.searchsorted(posts, scored.post[outside]), scored.probability[outside])
    rest = np.sort(highest)[::-1][int(MOST_ALARMS * len(posts)) :]
    return float(np.ceil(rest.max(initial=0.0) * 1000) / 1000)  # thresholds are rounded down to such a step


def report(scored: Scored, threshold: float) -> dict[str, Any]:
    """Every figure of the card."""
    return {
        "passages": len(scored.truth),
        "recommendations": int(scored.truth.sum()),
        "threshold": threshold,
        "overall": {name: asdict(figure) for name, figure in overall(scored, threshold).items()},
        "kinds": by_kind(scored, threshold),
        "sources": by_source(scored, threshold),
        "lengths": by_length(scored, threshold),
        "reliability": metrics.reliability(scored.truth, scored.probability),
    }


def overall(scored: Scored, threshold: float) -> dict[str, Figure]:
    """The headline figures."""
    flagged = scored.probability >= threshold
    score, truth = scored.probability, scored.truth

    def of_scores(measure: Callable[[Bools, Floats, Floats], float]) -> Figure:
        return metrics.figure(lambda weight: measure(truth, score, weight), scored.post)

    def of_flags(measure: Callable[[Bools, Bools, Floats], float]) -> Figure:
        return metrics.figure(lambda weight: measure(truth, flagged, weight), scored.post)

    kinds = predicted_kinds(scored, threshold)
    return {
        "average_precision": of_scores(metrics.average_precision),
        "best_f1": of_scores(metrics.best_f1),
        "recall_at_80_precision": of_scores(metrics.recall_at(0.8)),
        "recall_at_90_precision": of_scores(metrics.recall_at(0.9)),
        "f1": of_flags(metrics.f1_of),
        "precision": of_flags(metrics.precision_of),
        "recall": of_flags(metrics.recall_of),
        "post_f1": metrics.figure(_post_f1(scored, flagged), scored.post),
        "false_alarms_per_1000_non_financial_posts": metrics.figure(_false_alarms(scored, flagged), scored.post),
        "calibration_error": of_scores(metrics.calibration_error),
        "yes_kinds_macro_f1": metrics.figure(lambda weight: _macro_f1(scored, kinds, weight), scored.post),
        "yes_kinds_macro_f1_of_recommendations": metrics.figure(
            lambda weight: _macro_f1_of_yes(scored, weight), scored.post
        ),
        "forecast_f1": metrics.figure(
            lambda weight: _kind_f1(scored, kinds, KINDS.index("forecast"), weight), scored.post
        ),
        "kind_accuracy": metrics.figure(
            lambda weight: float(np.average(kinds == scored.kind, weights=weight)), scored.post
        ),
    }


def predicted_kinds(scored: Scored, threshold: float) -> Rows:
    """The likeliest kind on the side that the threshold decides."""
    yes, no = scored.kinds[:, :YES].argmax(axis=1), scored.kinds[:, YES:].argmax(axis=1) + YES
    return np.asarray(np.where(scored.probability >= threshold, yes, no))


def by_kind(scored: Scored, threshold: float) -> dict[str, dict[str, float]]:
    """Passages and F1 of each kind; for recommendations also the share that is flagged at all."""
    kinds, weight = predicted_kinds(scored, threshold), np.ones(len(scored.truth))
    flagged = scored.probability >= threshold
    rows: dict[str, dict[str, float]] = {}
    for number, name in enumerate(KINDS):
        inside = scored.kind == number
        share = float(flagged[inside].mean()) if inside.any() else 0.0
        rows[name] = {"passages": int(inside.sum()), "f1": _kind_f1(scored, kinds, number, weight), "flagged": share}
    return rows


def by_source(scored: Scored, threshold: float) -> dict[str, dict[str, float]]:
    """Passages, recommendations, average precision and F1 of each source; false alarms where too few are true."""
    names = sorted(set(scored.dataset.tolist()))
    return {name: _of_part(scored.part(scored.dataset == name), threshold) for name in names}


def by_length(scored: Scored, threshold: float) -> dict[str, dict[str, float]]:
    """The same for passages of like length, in characters."""
    edges = (0, *LENGTHS, 1 << 30)
    names = [
        f"under {LENGTHS[0]}",
        *(f"{low} to {high - 1}" for low, high in pairwise(LENGTHS)),
        f"{LENGTHS[-1]} or more",
    ]
    parts = [scored.part((scored.length >= low) & (scored.length < high)) for low, high in pairwise(edges)]
    return {name: _of_part(part, threshold) for name, part in zip(names, parts, strict=True)}


def _of_part(part: Scored, threshold: float) -> dict[str, float]:
    weight, flagged = np.ones(len(part.truth)), part.probability >= threshold
    row: dict[str, float] = {
        "passages": len(part.truth),
        "recommendations": int(part.truth.sum()),
        "flagged": int(flagged.sum()),
    }
    if part.truth.sum() >= SMALLEST:
        row["average_precision"] = metrics.average_precision(part.truth, part.probability, weight)
        row["f1"] = metrics.f1_of(part.truth, flagged, weight)
    return row


def _post_f1(scored: Scored, flagged: Bools) -> Callable[[Floats], float]:
    """F1 of posts: does it hold a recommendation, is any of its passages flagged."""
    _, first, index = np.unique(scored.post, return_index=True, return_inverse=True)
    holds, found = np.bincount(index, weights=scored.truth) > 0, np.bincount(index, weights=flagged) > 0
    return lambda weight: metrics.f1_of(holds, found, weight[first])


def _false_alarms(scored: Scored, flagged: Bools) -> Callable[[Floats], float]:
    _, first, index = np.unique(scored.post, return_index=True, return_inverse=True)
    found = np.bincount(index, weights=flagged & ~scored.truth) > 0
    outside = np.char.startswith(scored.dataset[first], NOT_FINANCIAL)
    return lambda weight: float(
        1000 * np.sum(weight[first] * (found & outside)) / max(np.sum(weight[first] * outside), 1e-12)
    )


def _kind_f1(scored: Scored, kinds: Rows, number: int, weight: Floats) -> float:
    return metrics.f1_of(scored.kind == number, kinds == number, weight)


def _macro_f1(scored: Scored, kinds: Rows, weight: Floats) -> float:
    """Mean F1 of the six recommendation kinds among all passages: finding and naming together."""
    return float(np.mean([_kind_f1(scored, kinds, number, weight) for number in range(YES)]))


def _macro_f1_of_yes(scored: Scored, weight: Floats) -> float:
    """Mean F1 of the six kinds among true recommendations: naming alone."""
    yes = scored.kinds[:, :YES].argmax(axis=1)
    inside = scored.truth
    return float(
        np.mean(
            [
                metrics.f1_of((scored.kind == number)[inside], (yes == number)[inside], weight[inside])
                for number in range(YES)
            ]
        )
    )
