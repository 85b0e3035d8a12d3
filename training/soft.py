"""Linear models that learn from shares as well as from labels: a passage may be a recommendation by seven tenths."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

Floats = NDArray[np.float64]
LEAST_SEEN = 2  # passages that a feature must be in: what is in one alone teaches nothing of others


def fit_soft(
    features: sparse.csr_matrix, goals: Floats, weight: Floats, *, c: float, rounds: int, start: Floats | None = None
) -> Floats:
    """Coefficients of a logistic (goals in one column) or multinomial model, its biases as the last row.

    Minimises `c * sum(weight * loss) + |coefficients|^2 / 2` by L-BFGS, from `start` or from nothing. Rows of goals
    are shares: a multinomial's sum to one.
    """
    rows = sparse.csr_matrix(features, dtype=np.float32)
    seen = np.flatnonzero(np.bincount(rows.indices, minlength=rows.shape[1]) >= LEAST_SEEN)
    rows = rows[:, seen].tocsr()
    columns = rows.T.tocsr()
    outputs = goals.shape[1]
    first = np.zeros((len(seen) + 1, outputs))
    if start is None:
        first[-1] = _base_rates(goals, weight)
    else:
        first[:] = start[np.r_[seen, features.shape[1]]]

    def value(flat: Floats) -> tuple[float, Floats]:
        coefficients = flat.reshape(-1, outputs)
        raw = np.asarray(rows @ coefficients[:-1].astype(np.float32), dtype=np.float64) + coefficients[-1]
        loss, slope = _logistic(raw, goals) if outputs == 1 else _multinomial(raw, goals)
        slope *= (c * weight)[:, None]
        gradient = np.empty_like(coefficients)
        gradient[:-1] = columns @ slope.astype(np.float32) + coefficients[:-1]
        gradient[-1] = slope.sum(axis=0)
        return float(c * (weight @ loss) + (coefficients[:-1] ** 2).sum() / 2), gradient.ravel()

    found: Any = optimize.minimize(
        value, first.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": rounds, "maxcor": 8, "ftol": 1e-7}
    )
    coefficients = np.zeros((features.shape[1] + 1, outputs))
    coefficients[np.r_[seen, features.shape[1]]] = found.x.reshape(-1, outputs)
    return coefficients


def _base_rates(goals: Floats, weight: Floats) -> Floats:
    shares = np.clip(np.average(goals, axis=0, weights=weight), 1e-6, 1 - 1e-6)
    return np.asarray(np.log(shares / (1 - shares)) if goals.shape[1] == 1 else np.log(shares))


def _logistic(raw: Floats, goals: Floats) -> tuple[Floats, Floats]:
    """Loss of each row, and its slope."""
    loss = np.logaddexp(0, raw) - goals * raw
    return loss[:, 0], 1 / (1 + np.exp(-raw)) - goals


def _multinomial(raw: Floats, goals: Floats) -> tuple[Floats, Floats]:
    shifted = raw - raw.max(axis=1, keepdims=True)
    log = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(goals * log).sum(axis=1), np.exp(log) - goals
