"""64-bit hashes of features: NumPy only, the same on every machine and in every run."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice, zip_longest
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


def finish(hashed: Hashes) -> Hashes:
    """The last mixing of a chain of values."""
    return combine(hashed, hashed >> _HALF)


def chain(name: int | NDArray[Any], *parts: NDArray[Any]) -> Hashes:
    """Hash columns of values under a feature's own number, so that equal values of two features differ."""
    hashed = np.asarray(name, dtype=np.uint64)
    for part in parts:
        hashed = combine(hashed, part.astype(np.uint64, copy=False))
    return finish(hashed)


def chains(features: Mapping[str, tuple[Any, ...]]) -> Hashes:
    """The same for named features, each its number and then its columns, all at once: shape (values, features)."""
    named = list(features.values())
    order = sorted(range(len(named)), key=lambda at: -len(named[at]))
    ranked = [named[at] for at in order]
    hashed = np.empty((len(named), len(named[0][1])), dtype=np.uint64)
    hashed[:] = np.array([feature[0] for feature in ranked], dtype=np.uint64)[:, None]
    for parts in islice(zip_longest(*ranked), 1, None):
        used = [part for part in parts if part is not None]
        column = np.empty((len(used), hashed.shape[1]), dtype=np.uint64)
        for at, part in enumerate(used):
            column[at] = part
        hashed[: len(used)] = combine(hashed[: len(used)], column)
    result = np.empty((hashed.shape[1], len(named)), dtype=np.uint64)
    result[:, order] = finish(hashed).T
    return result


def buckets(hashed: Hashes, bits: int) -> NDArray[np.int64]:
    """Which of the `2 ** bits` weights each hash owns."""
    return (hashed >> np.uint64(64 - bits)).astype(np.int64)
