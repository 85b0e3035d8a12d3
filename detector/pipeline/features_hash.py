"""64-bit hashes of features: NumPy only, the same on every machine and in every run."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

_FIRST = np.uint64(0x9E3779B97F4A7C15)
_SECOND = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)


def combine(left: Hashes, right: Hashes) -> Hashes:
    """Hash pairs, in order: `combine(a, b) != combine(b, a)`."""
    mixed = (left ^ (right * _FIRST)) * _SECOND
    return np.asarray(mixed ^ (mixed >> _HALF))


def chain(name: int, *parts: NDArray[Any]) -> Hashes:
    """Hash columns of values under a feature's own number, so that equal values of two features differ."""
    size = np.broadcast_shapes(*(part.shape for part in parts))
    hashed = np.full(size, name, dtype=np.uint64)
    for part in parts:
        hashed = combine(hashed, part.astype(np.uint64))
    return combine(hashed, hashed >> _HALF)


def buckets(hashed: Hashes, bits: int) -> NDArray[np.int64]:
    """Which of the `2 ** bits` weights each hash owns."""
    return (hashed >> np.uint64(64 - bits)).astype(np.int64)
