"""The thorough model: our own, and the teacher as a third stage. Made by `train`, where the lessons hold a teacher."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.pipeline.cascade import divided, joint_kinds, joint_log_odds
from detector.pipeline.encoder import read_layers
from detector.pipeline.model import BASE, BASE_SHA256, CARD, read_folder
from detector.pipeline.third_stage import ENCODER_FILE, PREFIX, SETTINGS, ThirdStage, read_encoder
from detector.pipeline.word_pieces import encoder_folder
from detector.policy import THOROUGH
from training.corpus import passage_texts
from training.evaluate import Bools, Scored
from training.fit import LEVELS, Arrays, Floats, Settings, fit_calibration
from training.lessons import TEACHER
from training.save import save_model
from training.study import Study


@dataclass(frozen=True)
class Thorough:
    """A third stage's arrays, cross-validated scores of all stages, and the calibration of these."""

    arrays: Arrays
    scored: Scored
    calibration: Floats


def stage_arrays(weights: Mapping[str, NDArray[Any]], settings: Settings) -> Arrays:
    """A teacher as a model ships it: heads, and what its training changed in the encoder, by narrow matrices."""
    file = encoder_folder() / ENCODER_FILE
    arrays: Arrays = {
        "heads": np.concatenate([weights["yes.weight"], weights["kinds.weight"]]).T.astype(np.float32),
        "heads_bias": np.concatenate([weights["yes.bias"], weights["kinds.bias"]]).astype(np.float32),
        "encoder_sha256": np.frombuffer(hashlib.sha256(file.read_bytes()).digest(), dtype=np.uint8),
    }
    taught = {name.removeprefix("encoder."): array for name, array in weights.items() if name.startswith("encoder.")}
    for number, (before, after) in enumerate(zip(read_layers(read_encoder()), read_layers(taught), strict=True)):
        for name, matrix in after.matrices.items():
            change = narrow(matrix - before.matrices[name], settings.third_rank)
            arrays |= {f"{number}_{name}_{part}": array for part, array in change.items()}
            arrays[f"{number}_{name}_bias"] = after.biases[name]
        for name, (norm, bias) in after.norms.items():
            arrays |= {f"{number}_{name}_norm": norm, f"{number}_{name}_norm_bias": bias}
    return arrays


def narrow(matrix: NDArray[Any], rank: int) -> Arrays:
    """`left`, `right` and `size`: `widened` makes of them the nearest matrix of that rank, but for rounding."""
    left, size, right = (part[..., :rank] for part in _singular(matrix))
    scale = np.abs(left).max(axis=0) * np.abs(right).max(axis=0) / LEVELS**2
    columns = {
        name: np.rint(part / np.abs(part).max(axis=0) * LEVELS).astype(np.int8)
        for name, part in (("left", left), ("right", right))
    }
    return columns | {"size": (size * scale).astype(np.float32)}


def _singular(matrix: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Singular vectors as columns, and values."""
    left, size, right = np.linalg.svd(matrix.astype(np.float64), full_matrices=False)
    return left, size, right.T


def read_teacher(folder: Path) -> dict[str, NDArray[Any]]:
    """A teacher's weights, as `teach` left them."""
    import torch

    return {name: one.numpy() for name, one in torch.load(folder / TEACHER, weights_only=True).items()}


def outputs(stage: ThirdStage, study: Study, rows: NDArray[np.int64]) -> Floats:
    """What the stage says of these passages of a study."""
    texts = passage_texts(study.corpus)
    return stage.score(study.examples.batch, lambda row: texts[row], rows).astype(np.float64)


def read_by_third(scored: Scored, settings: Settings) -> Bools:
    """Which passages the third stage reads."""
    return np.asarray(_log_odds(scored) > settings.third_gate)


def _log_odds(scored: Scored) -> Floats:
    return np.asarray(np.log(scored.probability / (1 - scored.probability)))


def refined(scored: Scored, found: Floats, fold: NDArray[np.int64], settings: Settings) -> tuple[Scored, Floats]:
    """Cross-validated probabilities with the third stage's part, and the calibration of all stages.

    `found` is what the stage says of the passages above its gate. It saw none of them, so that only the calibration has
    to be fitted on other folds.
    """
    log_odds, read = _log_odds(scored), read_by_third(scored, settings)
    joint = np.full(len(log_odds), np.nan)
    joint[read] = joint_log_odds(log_odds[read], found, settings.third_share)
    probability = scored.probability.copy()
    for number in np.unique(fold):
        others, held = read & (fold != number), read & (fold == number)
        line = fit_calibration(joint[others], scored.truth[others], knots=settings.knots)
        probability[held] = 1 / (1 + np.exp(-np.interp(joint[held], *line)))
    kinds = scored.kinds.copy()
    kinds[read] = joint_kinds(kinds[read], found, settings.third_kinds_share)
    line = fit_calibration(joint[read], scored.truth[read], knots=settings.knots)
    return replace(scored, probability=probability, kinds=divided(kinds, probability)), line


def score_thorough(study: Study, scored: Scored, rows: NDArray[np.int64], fold: NDArray[np.int64]) -> Thorough:
    """The stage, and cross-validated scores with its part, of passages that the stages before it scored."""
    if study.folder is None:
        raise ValueError("a study without a folder has no teacher")
    arrays = stage_arrays(read_teacher(study.folder), study.settings)
    stage = ThirdStage(arrays, study.settings.third_own_kinds_share)
    found = outputs(stage, study, rows[read_by_third(scored, study.settings)])
    return Thorough(arrays, *refined(scored, found, fold, study.settings))


def save_thorough(thorough: Thorough, folder: Path, card: Mapping[str, Any], settings: Settings) -> None:
    """Write the thorough model beside the one that it builds on, whose folder this is.

    Raises `ValueError` if it would read passages whose kinds the base leaves out: the third gate is behind the first.
    """
    of_base, _ = read_folder(folder)
    if settings.third_gate < np.interp(settings.gate, *of_base["calibration"]):
        raise ValueError(f"the gate of the third stage, {settings.third_gate}, lies below the first, {settings.gate}")
    base = json.loads((folder / CARD).read_bytes())["sha256"]
    arrays = thorough.arrays | {"calibration": thorough.calibration.astype(np.float32)}
    for name in SETTINGS:
        arrays[name] = np.array([getattr(settings, PREFIX + name)], dtype=np.float32)
    named = {PREFIX + name: array for name, array in arrays.items()}
    named[BASE_SHA256] = np.frombuffer(bytes.fromhex(base), dtype=np.uint8)
    save_model(folder / THOROUGH, named, {BASE: "..", **card})
