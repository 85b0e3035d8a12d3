"""The third stage, of the thorough model: a transformer reads what the stages before it find possible.

What ships of it are two heads, and how training changed an encoder: each matrix's change as the product of two narrow
ones. The encoder itself comes from a package of the extra `thorough`. `training/third.py` makes the arrays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.errors import ModelError
from detector.pipeline.cascade import joint_kinds, joint_log_odds, softmax, yes_log_odds
from detector.pipeline.encoder import Encoder, Layer, read_layers
from detector.pipeline.features import Batch, Ints
from detector.pipeline.features_linear import Floats
from detector.pipeline.second_stage import one_thread
from detector.pipeline.word_pieces import CURE, encoder_folder, sequence, word_pieces

PREFIX = "third_"  # of its arrays
SETTINGS = ("gate", "share", "kinds_share", "own_kinds_share")
ENCODER_FILE = "model.safetensors"
AT_ONCE = 32  # passages encoded together
TextOf = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Third:
    """The third stage with what its outputs need: which passages it reads, and how much it counts."""

    stage: ThirdStage
    calibration: NDArray[Any]
    gate: float
    share: float
    kinds_share: float

    @classmethod
    def read(cls, arrays: Mapping[str, NDArray[Any]]) -> Third:
        """From a model's arrays. Raises `ModelError`."""
        own = {name.removeprefix(PREFIX): array for name, array in arrays.items()}
        gate, share, kinds_share, own_kinds_share = (float(own[name][0]) for name in SETTINGS)
        return cls(ThirdStage(own, own_kinds_share), own["calibration"], gate, share, kinds_share)

    def refine(self, batch: Batch, text_of: TextOf, rows: Ints, log_odds: Floats, kinds: Floats) -> None:
        """Write all stages' log-odds (of all passages) and P(kind) (of `rows`) where log-odds are above the gate."""
        read = np.flatnonzero(log_odds[rows] > self.gate)
        asked = rows[read]
        found = self.stage.score(batch, text_of, asked)
        log_odds[asked] = np.interp(joint_log_odds(log_odds[asked], found, self.share), *self.calibration)
        kinds[read] = joint_kinds(kinds[read], found, self.kinds_share)


class ThirdStage:
    """Scores chosen passages of a batch. `kinds_share` is what its kinds count in its log-odds of a recommendation."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], kinds_share: float) -> None:
        self._kinds_share = kinds_share
        self._heads = arrays["heads"].astype(np.float32), arrays["heads_bias"].astype(np.float32)
        base = read_encoder(arrays["encoder_sha256"].tobytes().hex())
        layers = [_changed(layer, arrays, f"{number}_") for number, layer in enumerate(read_layers(base))]
        self._encoder = Encoder(base, layers)

    def score(self, batch: Batch, text_of: TextOf, rows: Ints) -> Floats:
        """For each of these passages: the log-odds of a recommendation, and a score for each kind."""
        weights, bias = self._heads
        if not len(rows):
            return np.zeros((0, len(bias)), dtype=np.float32)
        before = np.maximum(rows - 1, 0)
        numbers = np.unique(np.concatenate([rows, before]))
        pieces = dict(zip(numbers.tolist(), word_pieces([text_of(row) for row in numbers.tolist()]), strict=True))
        read = [
            sequence(
                pieces[row - 1] if batch.rank[row] else (),
                pieces[row],
                rank=int(batch.rank[row]),
                remaining=int(batch.per_section[row] - 1 - batch.rank[row]),
            )
            for row in rows.tolist()
        ]
        with one_thread():
            pooled = np.concatenate(
                [
                    self._encoder.pooled(*zip(*read[low : low + AT_ONCE], strict=True))
                    for low in range(0, len(read), AT_ONCE)
                ]
            )
            outputs = np.stack([row @ weights for row in pooled]) + bias
        of_kinds = yes_log_odds(softmax(outputs[:, 1:]))
        outputs[:, 0] = (1 - self._kinds_share) * outputs[:, 0] + self._kinds_share * of_kinds
        return outputs


def read_encoder(sha256: str | None = None) -> dict[str, NDArray[Any]]:
    """The encoder's own arrays, checked if a checksum is given. Raises `ModelError`."""
    file = encoder_folder() / ENCODER_FILE
    try:
        from safetensors.numpy import load

        data = file.read_bytes()
    except (ModuleNotFoundError, OSError) as error:
        raise ModelError(str(file), f"cannot be read: {error}", CURE) from error
    if sha256 is not None and hashlib.sha256(data).hexdigest() != sha256:
        raise ModelError(str(file), "is not the encoder that the thorough model was trained with", CURE)
    return dict(load(data))


def widened(left: Floats, right: Floats, size: Floats) -> Floats:
    """The product of two narrow matrices, given by columns, of which each pair counts by its size."""
    return np.asarray((left * size) @ right.T)


def _changed(layer: Layer, arrays: Mapping[str, NDArray[Any]], prefix: str) -> Layer:
    """A layer of the encoder as training left it."""

    def array(name: str) -> Floats:
        return np.asarray(arrays[prefix + name], dtype=np.float32)

    return Layer(
        {
            name: matrix + widened(*(array(f"{name}_{part}") for part in ("left", "right", "size")))
            for name, matrix in layer.matrices.items()
        },
        {name: array(f"{name}_bias") for name in layer.biases},
        {name: (array(f"{name}_norm"), array(f"{name}_norm_bias")) for name in layer.norms},
    )
