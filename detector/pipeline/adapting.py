"""Adapt a model to a community's own labels, without the data that it was trained on.

Only the yes-or-no weights of the linear stage change, before anything is mixed or calibrated: a correction is added to
them that fits the labels (logistic loss) and is kept small (L2). Base passages take part as anchors: on them the
corrected model has to go on saying what the model said. Needs the `train` extra (SciPy).
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.errors import ModelError
from detector.labelled import UNLABELLED, LabelledPost
from detector.pipeline.adapting_figures import Figures, figures
from detector.pipeline.features import read_batch
from detector.pipeline.features_lexemes import LexemeTable
from detector.pipeline.model import BASE, CARD, WEIGHTS, Model, read_folder
from detector.pipeline.tokens import read_tokens
from detector.view import View, make_view

Floats = NDArray[np.float64]
LEVELS = 127  # steps of a weight either side of zero, as in `training/fit.py`
PENALTY, ANCHOR, ROUNDS = 1.0, 1.0, 60
FOLDS = 5
TABLE_BITS = 18
A_HAIR = 0.005  # by which a figure on the base set may fall


@dataclass(frozen=True)
class Labels:
    """Labelled passages as the pipeline sees them: a row each of hashed features, truth, post, and bounds by post."""

    texts: tuple[str, ...]
    bounds: tuple[tuple[tuple[int, int], ...], ...]
    truth: NDArray[np.bool_]
    post: NDArray[np.int64]
    matrix: Any  # a sparse matrix of SciPy's


@dataclass(frozen=True)
class Adapted:
    """An adapted model, not written yet, and what it gives: on new labels cross-validated, on the base set as it is."""

    arrays: dict[str, NDArray[Any]]
    model: Model
    new_before: Figures
    new_after: Figures
    base_before: Figures
    base_after: Figures

    @property
    def got_worse(self) -> bool:
        """Whether the base set is judged worse by more than a hair."""
        before, after = self.base_before, self.base_after
        return after.average_precision < before.average_precision - A_HAIR or after.f1 < before.f1 - A_HAIR


def read_labels(posts: Sequence[LabelledPost], *, bits: int) -> Labels:
    """Featurise the labelled passages of these posts."""
    from detector.pipeline.features_matrix import feature_matrix

    views = [make_view(post.text) for post in posts]
    passages = [[one for one in post.passages if one.kind != UNLABELLED] for post in posts]
    bounds = tuple(
        tuple(_seen(one.start, one.end, view) for one in of_post) for of_post, view in zip(passages, views, strict=True)
    )
    table = LexemeTable(bits=TABLE_BITS)
    batch = read_batch([read_tokens(view.text) for view in views], bounds, table)
    truth = np.array([one.is_recommendation for of_post in passages for one in of_post], dtype=bool)
    texts = tuple(view.text for view in views)
    return Labels(texts, bounds, truth, batch.post, feature_matrix(batch, table, bits=bits))


def _seen(start: int, end: int, view: View) -> tuple[int, int]:
    if view.starts is None or view.ends is None:
        return start, end
    ends, starts = np.asarray(view.ends), np.asarray(view.starts)
    return int(np.searchsorted(ends, start, side="right")), int(np.searchsorted(starts, end))


def adapt(folder: Path, new: Sequence[LabelledPost], base: Sequence[LabelledPost]) -> Adapted:
    """Fit the correction and measure it. Raises `ModelError` for labels that teach nothing."""
    sides = {one.is_recommendation for post in new for one in post.passages if one.kind != UNLABELLED}
    if sides != {True, False}:
        raise ModelError("labels", "hold one side only; label both: what is a recommendation and what is not")
    model, (arrays, card) = Model.load(folder), read_folder(folder)
    if BASE in card:
        raise ModelError(str(folder), "builds on another model", f"adapt {folder / card[BASE]} instead")
    bits = len(arrays["linear"]).bit_length() - 1
    labels, anchors = read_labels(new, bits=bits), read_labels(base, bits=bits)
    weights, bias = _dense(arrays)
    held_out = _cross_validated(arrays, model, labels, anchors)
    everything = np.arange(len(labels.truth))
    adapted = _with_correction(arrays, *_correction(labels, everything, anchors, weights, bias))
    changed = Model(adapted, model.card)
    return Adapted(
        adapted,
        changed,
        figures(labels.truth, _probabilities(model, labels), labels.post, model.threshold),
        figures(labels.truth, held_out, labels.post, model.threshold),
        figures(anchors.truth, _probabilities(model, anchors), anchors.post, model.threshold),
        figures(anchors.truth, _probabilities(changed, anchors), anchors.post, model.threshold),
    )


def _dense(arrays: dict[str, NDArray[Any]]) -> tuple[Floats, float]:
    """The yes-or-no weights and their bias."""
    small = arrays["linear"][:, 0].astype(np.float64)
    return small * np.abs(small) * float(arrays["linear_step"][0]), float(arrays["linear_bias"][0])


def _cross_validated(
    arrays: dict[str, NDArray[Any]], model: Model, labels: Labels, anchors: Labels
) -> NDArray[np.float64]:
    """Probabilities of the new labels by corrections that saw neither their post nor another with its text."""
    weights, bias = _dense(arrays)
    numbers = {text: number for number, text in enumerate(dict.fromkeys(labels.texts))}
    fold = np.array([numbers[text] % FOLDS for text in labels.texts])[labels.post]
    held_out = np.zeros(len(labels.truth))
    for number in np.unique(fold).tolist():
        seen, held = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        correction = _correction(labels, seen, anchors, weights, bias)
        held_out[held] = _probabilities(Model(_with_correction(arrays, *correction), model.card), labels)[held]
    return held_out


def _correction(
    labels: Labels, rows: NDArray[np.int64], anchors: Labels, weights: Floats, bias: float
) -> tuple[Floats, float]:
    """What to add to the weights and to the bias."""
    from scipy import sparse
    from scipy.optimize import minimize

    matrix = sparse.vstack([labels.matrix[rows], anchors.matrix]).tocsr().astype(np.float64)
    said = matrix @ weights + bias
    wanted = np.concatenate([labels.truth[rows].astype(np.float64), _sigmoid(said[len(rows) :])])
    share = ANCHOR * len(rows) / max(len(anchors.truth), 1)  # all anchors together weigh as much as the labels
    loudness = np.concatenate([np.ones(len(rows)), np.full(len(anchors.truth), share)])

    def loss(step: Floats) -> tuple[float, Floats]:
        odds = said + matrix @ step[:-1] + step[-1]
        error = loudness * (_sigmoid(odds) - wanted)
        value = float(loudness @ (np.logaddexp(0, odds) - wanted * odds)) + PENALTY / 2 * float(step @ step)
        return value, np.append(matrix.T @ error, error.sum()) + PENALTY * step

    step = minimize(loss, np.zeros(len(weights) + 1), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}).x
    return step[:-1], float(step[-1])


def _sigmoid(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -500, 500))))


def _with_correction(arrays: dict[str, NDArray[Any]], step: Floats, bias_step: float) -> dict[str, NDArray[Any]]:
    """The arrays with corrected yes-or-no weights, in bytes again."""
    weights, bias = _dense(arrays)
    root = np.sqrt(np.abs(weights + step))
    scale = max(float(root.max()) / LEVELS, 1e-12)
    small, steps, biases = (arrays[name].copy() for name in ("linear", "linear_step", "linear_bias"))
    small[:, 0] = np.rint(np.sign(weights + step) * root / scale).astype(small.dtype)
    steps[0], biases[0] = scale**2, bias + bias_step
    return arrays | {"linear": small, "linear_step": steps, "linear_bias": biases}


def _probabilities(model: Model, labels: Labels) -> NDArray[np.float64]:
    """What the whole model says, calibrated."""
    size = 256
    parts = [
        model.score(list(map(read_tokens, labels.texts[at : at + size])), labels.bounds[at : at + size]).probability
        for at in range(0, len(labels.texts), size)
    ]
    return np.concatenate(parts).astype(np.float64)


def save_adapted(adapted: Adapted, folder: Path, note: dict[str, Any]) -> str:
    """Write weights and card, which says what it came from; returns the weights' checksum."""
    folder.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **dict(sorted(adapted.arrays.items())))
    checksum = hashlib.sha256(buffer.getvalue()).hexdigest()
    (folder / WEIGHTS).write_bytes(buffer.getvalue())
    card = dict(adapted.model.card) | {"sha256": checksum, "adapted": note}
    (folder / CARD).write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return checksum
