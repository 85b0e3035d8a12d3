"""How the two stages' outputs become one judgement: used alike by the model and by its training."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.reading import KINDS, RECOMMENDATION_KINDS

YES = len(RECOMMENDATION_KINDS)
LEAST = 1e-12  # no kind is impossible: a side whose kinds all are could not be divided among them


def kind_probabilities(linear: NDArray[Any]) -> NDArray[Any]:
    """P(kind) by the linear stage's kind outputs alone."""
    return softmax(linear[:, 1 : 1 + len(KINDS)])


def softmax(outputs: NDArray[Any]) -> NDArray[Any]:
    """Scores as shares of each row."""
    raised = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def mixed_log_odds(linear: NDArray[Any], kinds_share: float, gate: float) -> NDArray[Any]:
    """Log-odds of a recommendation: those of the yes-or-no output and, above the gate, of the kinds' together."""
    mixed = (1 - kinds_share) * linear[:, 0] + kinds_share * yes_log_odds(kind_probabilities(linear))
    return np.asarray(np.where(linear[:, 0] > gate, mixed, linear[:, 0]))


def yes_log_odds(kinds: NDArray[Any]) -> NDArray[Any]:
    """Log-odds that one of the recommendation kinds holds."""
    yes = np.clip(kinds[:, :YES].sum(axis=1), 1e-6, 1 - 1e-6)
    return np.asarray(np.log(yes / (1 - yes)))


def joint_log_odds(mixed: NDArray[Any], second: NDArray[Any], share: float) -> NDArray[Any]:
    """Of passages that the second stage read (its outputs: log-odds, then kinds): both stages' log-odds."""
    return np.asarray((1 - share) * mixed + share * second[:, 0])


def joint_kinds(kinds: NDArray[Any], second: NDArray[Any], share: float) -> NDArray[Any]:
    """P(kind) of both stages, by the weighted mean of their logarithms."""
    both = (1 - share) * np.log(np.maximum(kinds, LEAST)) + share * np.log(np.maximum(softmax(second[:, 1:]), LEAST))
    return softmax(both)


def divided(kinds: NDArray[Any], probability: NDArray[Any]) -> NDArray[Any]:
    """P(kind) brought in line with the probability of a recommendation: each side adds up to its share."""
    found = np.maximum(kinds, LEAST)
    for side, share in ((slice(None, YES), probability), (slice(YES, None), 1 - probability)):
        found[:, side] *= (share / found[:, side].sum(axis=1))[:, None]
    return np.asarray(found)
