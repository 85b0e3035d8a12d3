"""Fit the linear stage: logistic models over hashed features, cross-validated, and calibration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy import sparse
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from detector.reading import KINDS, TARGETS
from training.corpus import Corpus
from training.soft import fit_soft

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Arrays = dict[str, NDArray[Any]]
AUTHORED_SPLIT = "authored"
FEWER = 4  # rounds from a good start are so many times fewer
LEVELS = 127  # weights are shipped as bytes: this many steps either side of zero


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices of training; the card lists them. Chosen by cross-validation (`training/README.md`)."""

    seed: int = 0
    bits: int = 18
    unsure_weight: float = 0.5
    authored_weight: float = 0.25
    binary_c: float = 4.0
    kinds_c: float = 3.0
    kinds_rounds: int = 40
    kinds_share: float = 0.3
    gate: float = -3.5
    knots: int = 12
    binary_rounds: int = 80
    lesson_weight: float = 0.5
    teacher_weight: float = 0.7
    second_gate: float = -2.5
    second_share: float = 0.5
    second_kinds_share: float = 0.5
    student_epochs: int = 6
    student_rate: float = 2e-3
    tuning_epochs: int = 2
    tuning_rate: float = 5e-4
    third_rank: int = 96
    third_gate: float = -3.5
    third_share: float = 0.4
    third_kinds_share: float = 0.35
    third_own_kinds_share: float = 0.4


@dataclass(frozen=True)
class Soft:
    """Passages that have no label, but a probability of being a recommendation by someone's opinion."""

    rows: Rows
    yes: NDArray[Any]


def fit_linear(
    matrix: sparse.csr_matrix, corpus: Corpus, rows: Rows, settings: Settings,
    *, soft: Soft | None = None, start: Floats | None = None,
) -> Floats:  # fmt: skip
    """Coefficients (a column each: recommendation, the kinds, the targets) with the biases as last row.

    Learnt from these passages and, for the yes-or-no column, `soft` ones; from `start` it takes fewer rounds.
    """
    weight = passage_weights(corpus, settings)
    yes, learnt = corpus.truth.astype(np.float64), rows
    if soft is not None:
        yes[soft.rows], weight[soft.rows] = soft.yes, settings.lesson_weight
        learnt = np.concatenate([rows, soft.rows])
    aimed = rows[corpus.target[rows] >= 0]
    jobs = (
        (learnt, yes[learnt, None], settings.binary_c, settings.binary_rounds),
        (rows, _one_hot(corpus.kind[rows], len(KINDS)), settings.kinds_c, settings.kinds_rounds),
        (aimed, _one_hot(corpus.target[aimed], len(TARGETS)), settings.kinds_c, settings.kinds_rounds),
    )
    columns, found = 0, []
    for chosen, goals, c, rounds in jobs:
        begin = None if start is None else start[:, columns : columns + goals.shape[1]]
        columns += goals.shape[1]
        few = rounds if begin is None else -(-rounds // FEWER)
        found.append(fit_soft(matrix[chosen], goals, weight[chosen], c=c, rounds=few, start=begin))
    return np.concatenate(found, axis=1)


def passage_weights(corpus: Corpus, settings: Settings) -> Floats:
    """How much each labelled passage counts."""
    weight = np.where(corpus.unsure, settings.unsure_weight, 1.0)
    weight *= np.where(corpus.split == AUTHORED_SPLIT, settings.authored_weight, 1.0)
    return np.asarray(weight / weight.max(initial=0.0))


def _one_hot(numbers: Rows, count: int) -> Floats:
    return np.asarray(np.eye(count)[numbers])


def rounded(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Signed roots of the weights as small integers, which keeps small weights apart, and each column's scale."""
    root = np.sqrt(np.abs(weights))
    step = root.max(axis=0) / LEVELS + 1e-12
    return np.rint(np.sign(weights) * root / step).astype(np.int8), step**2


def cross_scores(  # noqa: PLR0913 (the last two belong to a study with lessons)
    matrix: sparse.csr_matrix, corpus: Corpus, fold: Rows, scored: NDArray[np.bool_], settings: Settings,
    *, soft: Soft | None = None, start: Floats | None = None,
) -> Floats:  # fmt: skip
    """Linear outputs for `scored` passages by models that saw no passage of their fold; NaN elsewhere."""
    jobs = list(sides(corpus, fold, scored))
    fitted = Parallel()(delayed(_score_side)(matrix, corpus, side, settings, soft=soft, start=start) for side in jobs)
    scores = np.full((len(fold), 1 + len(KINDS) + len(TARGETS)), np.nan)
    for (_, held), found in zip(jobs, fitted, strict=True):
        scores[held] = found
    return scores


def sides(corpus: Corpus, fold: Rows, scored: NDArray[np.bool_]) -> Iterator[tuple[Rows, Rows]]:
    """For each fold: the labelled passages outside it, and the scored ones in it."""
    labelled = corpus.kind >= 0
    for number in np.unique(fold[scored]):
        yield np.flatnonzero(labelled & (fold != number)), np.flatnonzero(scored & (fold == number))


def _score_side(
    matrix: sparse.csr_matrix,
    corpus: Corpus,
    side: tuple[Rows, Rows],
    settings: Settings,
    **more: Any,  # noqa: ANN401
) -> Floats:
    seen, held = side
    coefficients = fit_linear(matrix, corpus, seen, settings, **more)
    return np.asarray(matrix[held] @ coefficients[:-1] + coefficients[-1])


def fit_calibration(log_odds: Floats, truth: NDArray[np.bool_], *, knots: int) -> Floats:
    """A rising line of knots from raw to true log-odds: isotonic regression, smoothed to `knots` straight pieces."""
    isotonic = IsotonicRegression(y_min=1e-4, y_max=1 - 1e-4, out_of_bounds="clip").fit(log_odds, truth)
    platt = LogisticRegression(C=1e6).fit(log_odds[:, None], truth)
    low, high = np.quantile(log_odds, [0.02, 0.9995]).tolist()
    at = np.linspace(low, high, knots)
    width = (at[1] - at[0]) / 2
    near = np.clip([isotonic.predict(np.linspace(one - width, one + width, 21)).mean() for one in at], 1e-4, 1 - 1e-4)
    line = (at * platt.coef_[0, 0] + platt.intercept_[0] + np.log(near / (1 - near))) / 2
    return np.stack([at, np.maximum.accumulate(line + np.arange(knots) * 1e-6)])


def linear_arrays(coefficients: Floats, settings: Settings) -> Arrays:
    """The linear stage's arrays of a model."""
    small, step = rounded(coefficients[:-1])
    share, gate = (np.array([each], dtype=np.float32) for each in (settings.kinds_share, settings.gate))
    return {
        "linear": small, "linear_step": step.astype(np.float32), "linear_bias": coefficients[-1].astype(np.float32),
        "kinds_share": share, "gate": gate,
    }  # fmt: skip
