"""Fit the model: linear models over hashed features with scikit-learn, their mix, and calibration."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from detector.pipeline.model import mixed_log_odds
from detector.reading import KINDS, TARGETS
from training.corpus import Corpus

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Arrays = dict[str, NDArray[Any]]
AUTHORED_SPLIT = "authored"
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
    gate: float = -4.0
    knots: int = 12


def fit_linear(matrix: sparse.csr_matrix, corpus: Corpus, rows: Rows, settings: Settings) -> tuple[Floats, Floats]:
    """Weights (a column each: recommendation, the kinds, the targets) and biases, from these passages."""
    features, kind = matrix[rows], corpus.kind[rows]
    weight = np.where(corpus.unsure[rows], settings.unsure_weight, 1.0)
    weight *= np.where(corpus.split[rows] == AUTHORED_SPLIT, settings.authored_weight, 1.0)
    weight /= weight.max()
    binary = LogisticRegression(C=settings.binary_c, solver="liblinear", tol=1e-3, random_state=settings.seed)
    binary.fit(features, corpus.truth[rows], sample_weight=weight)
    kinds = _multinomial(features, kind, weight, settings)
    aimed = corpus.target[rows] >= 0
    targets = _multinomial(features[aimed], corpus.target[rows][aimed], weight[aimed], settings)
    return _columns([(binary, 1), (kinds, len(KINDS)), (targets, len(TARGETS))], matrix.shape[1])


def _multinomial(features: sparse.csr_matrix, labels: Rows, weight: Floats, settings: Settings) -> LogisticRegression:
    model = LogisticRegression(C=settings.kinds_c, solver="lbfgs", max_iter=settings.kinds_rounds, tol=1e-3)
    with warnings.catch_warnings():
        # Stopping early is meant: more rounds fit the training posts better, and others worse.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(features, labels, sample_weight=weight)


def _columns(models: list[tuple[LogisticRegression, int]], width: int) -> tuple[Floats, Floats]:
    """Coefficients side by side; a class that was never seen gets a bias that never wins."""
    weights, biases = [], []
    for model, outputs in models:
        coefficients, bias = np.zeros((width, outputs)), np.full(outputs, -20.0)
        if outputs == 1:
            coefficients[:, 0], bias[0] = model.coef_[0], model.intercept_[0]
        elif len(model.classes_) > 2:
            coefficients[:, model.classes_], bias[model.classes_] = model.coef_.T, model.intercept_
        else:
            # scikit-learn keeps one row for two classes: the log-odds of the second.
            coefficients[:, model.classes_[1]], bias[model.classes_] = model.coef_[0], [0.0, model.intercept_[0]]
        weights.append(coefficients)
        biases.append(bias)
    return np.concatenate(weights, axis=1), np.concatenate(biases)


def rounded(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Signed roots of the weights as small integers, which keeps small weights apart, and each column's scale."""
    root = np.sqrt(np.abs(weights))
    step = root.max(axis=0) / LEVELS + 1e-12
    return np.rint(np.sign(weights) * root / step).astype(np.int8), step**2


def cross_scores(
    matrix: sparse.csr_matrix, corpus: Corpus, fold: Rows, scored: NDArray[np.bool_], settings: Settings
) -> Floats:
    """Linear outputs for `scored` passages by models that saw no passage of their fold; NaN elsewhere."""
    jobs = list(_sides(corpus, fold, scored))
    fitted = Parallel()(delayed(_score_side)(matrix, corpus, *sides, settings) for sides in jobs)
    scores = np.full((len(fold), 1 + len(KINDS) + len(TARGETS)), np.nan)
    for (_, held), found in zip(jobs, fitted, strict=True):
        scores[held] = found
    return scores


def _sides(corpus: Corpus, fold: Rows, scored: NDArray[np.bool_]) -> Iterator[tuple[Rows, Rows]]:
    labelled = corpus.kind >= 0
    for number in np.unique(fold[scored]):
        yield np.flatnonzero(labelled & (fold != number)), np.flatnonzero(scored & (fold == number))


def _score_side(matrix: sparse.csr_matrix, corpus: Corpus, seen: Rows, held: Rows, settings: Settings) -> Floats:
    weights, biases = fit_linear(matrix, corpus, seen, settings)
    return np.asarray(matrix[held] @ weights + biases)


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


def fit_model(
    matrix: sparse.csr_matrix, corpus: Corpus, scores: Floats, natural: NDArray[np.bool_], settings: Settings
) -> Arrays:
    """All arrays of a model, calibrated on the cross-validated scores of the natural passages."""
    weights, biases = fit_linear(matrix, corpus, np.flatnonzero(corpus.kind >= 0), settings)
    small, step = rounded(weights)
    share, gate = (np.array([each], dtype=np.float32) for each in (settings.kinds_share, settings.gate))
    log_odds = mixed_log_odds(scores[natural], settings.kinds_share, settings.gate)
    calibration = fit_calibration(log_odds, corpus.truth[natural], knots=settings.knots)
    return {
        "linear": small, "linear_step": step.astype(np.float32), "linear_bias": biases.astype(np.float32),
        "kinds_share": share, "gate": gate, "calibration": calibration.astype(np.float32),
    }  # fmt: skip
