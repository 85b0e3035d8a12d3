"""A transformer encoder (BERT's layers, as all-MiniLM-L6-v2 has them) in NumPy: a state for each word piece.

Every state is the same to the last digit, whatever else is encoded beside its passage: products have one shape
(`_times`), and passages attend to nothing but themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
HEAD = 32  # width of an attention head
TINY = 1e-12  # as the encoder was trained with
BLOCK = 64  # rows multiplied together
MATRICES = {  # of a layer: our name, and those of the encoder's matrices that stand in it side by side
    "attend": ("attention.self.query", "attention.self.key", "attention.self.value"),
    "attended": ("attention.output.dense",),
    "widen": ("intermediate.dense",),
    "narrow": ("output.dense",),
}
NORMS = {"attended": "attention.output.LayerNorm", "narrow": "output.LayerNorm"}


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer's arrays, matrices with the inputs as rows."""

    matrices: Mapping[str, Floats]
    biases: Mapping[str, Floats]
    norms: Mapping[str, tuple[Floats, Floats]]


class Encoder:
    """Encodes sequences of word pieces. `arrays` are named as in the encoder's own file."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], layers: Sequence[Layer]) -> None:
        self._words = arrays["embeddings.word_embeddings.weight"]
        self._places = arrays["embeddings.position_embeddings.weight"]
        self._parts = arrays["embeddings.token_type_embeddings.weight"]
        self._norm = arrays["embeddings.LayerNorm.weight"], arrays["embeddings.LayerNorm.bias"]
        self._layers = layers

    def pooled(self, sequences: Sequence[Sequence[int]], own: Sequence[int]) -> Floats:
        """Of each sequence, the state of its beginning beside the mean state of its pieces from `own` on."""
        sizes = [len(sequence) for sequence in sequences]
        ends = np.cumsum([0, *sizes])
        bounds = list(pairwise(ends.tolist()))
        place = np.concatenate([np.arange(size) for size in sizes])
        part = (place >= np.repeat(np.asarray(own), sizes)).astype(np.int64)
        pieces = np.concatenate([np.asarray(sequence) for sequence in sequences])
        states = _normed(self._words[pieces] + self._parts[part] + self._places[place], *self._norm)
        for layer in self._layers:
            states = _through(layer, states, bounds)
        means = [states[low + first : high].mean(axis=0) for (low, high), first in zip(bounds, own, strict=True)]
        return np.concatenate([states[ends[:-1]], np.stack(means)], axis=1)


def read_layers(arrays: Mapping[str, NDArray[Any]]) -> list[Layer]:
    """The layers of an encoder's file."""
    count = 1 + max(int(name.split(".")[2]) for name in arrays if name.startswith("encoder.layer."))
    return [_layer(arrays, f"encoder.layer.{number}.") for number in range(count)]


def _layer(arrays: Mapping[str, NDArray[Any]], prefix: str) -> Layer:
    matrices = {
        name: np.concatenate([arrays[f"{prefix}{part}.weight"].T for part in parts], axis=1)
        for name, parts in MATRICES.items()
    }
    biases = {
        name: np.concatenate([arrays[f"{prefix}{part}.bias"] for part in parts]) for name, parts in MATRICES.items()
    }
    norms = {name: (arrays[f"{prefix}{part}.weight"], arrays[f"{prefix}{part}.bias"]) for name, part in NORMS.items()}
    return Layer(matrices, biases, norms)


def _through(layer: Layer, states: Floats, bounds: Sequence[tuple[int, int]]) -> Floats:
    """States after a layer."""

    def times(rows: Floats, name: str) -> Floats:
        return _times(rows, layer.matrices[name]) + layer.biases[name]

    mixed = times(states, "attend")
    heard = np.concatenate([_heard(mixed[low:high]) for low, high in bounds])
    states = _normed(states + times(heard, "attended"), *layer.norms["attended"])
    return _normed(states + times(_gelu(times(states, "widen")), "narrow"), *layer.norms["narrow"])


def _heard(mixed: Floats) -> Floats:
    """What each piece of one sequence takes from all of them: softmax attention, head by head."""
    size, width = len(mixed), mixed.shape[1] // 3
    asked, offered, given = np.ascontiguousarray(mixed.reshape(size, 3, width // HEAD, HEAD).transpose(1, 2, 0, 3))
    weight = asked @ np.ascontiguousarray(offered.transpose(0, 2, 1)) * np.float32(HEAD**-0.5)
    weight -= weight.max(axis=-1, keepdims=True)
    np.exp(weight, out=weight)
    weight /= weight.sum(axis=-1, keepdims=True)
    return np.asarray((weight @ given).transpose(1, 0, 2).reshape(size, width))


def _times(rows: Floats, matrix: Floats) -> Floats:
    """A product, in blocks of one shape: how numbers are added up depends on the shape."""
    blocks = np.zeros((-(-len(rows) // BLOCK), BLOCK, rows.shape[1]), dtype=np.float32)
    blocks.reshape(-1, rows.shape[1])[: len(rows)] = rows
    return np.asarray((blocks @ matrix).reshape(-1, matrix.shape[1])[: len(rows)])


def _normed(states: Floats, weight: Floats, bias: Floats) -> Floats:
    """Layer normalisation."""
    states = states - states.mean(axis=1, keepdims=True)
    spread = np.sqrt((states * states).mean(axis=1, keepdims=True) + np.float32(TINY))
    return np.asarray(states / spread * weight + bias)


def _gelu(found: Floats) -> Floats:
    """Gaussian error linear unit; the error function by Abramowitz and Stegun's 7.1.26, off by 2e-7 at most."""
    size = np.abs(found) * np.float32(2**-0.5)
    near = 1 / (1 + np.float32(0.3275911) * size)
    series: Floats = np.full(1, 1.061405429, dtype=np.float32)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = np.asarray(series * near + np.float32(factor))
    error = np.copysign(1 - series * near * np.exp(-size * size), found)
    return np.asarray(found * (1 + error) * np.float32(0.5))
