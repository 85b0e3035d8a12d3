"""64-bit hashes of features: NumPy only, the same on every machine and in every run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice, zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

_FIRST = np.uint64(0x9E3779B97F4A7C15)
_SECOND = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)
_MURMUR, _MURMUR_SHIFT, _SEED = np.uint64(0xC6A4A7935BD1E995), np.uint64(47), np.uint64(1)
# Words that spaCy has numbers for, as they name its labels; in the order of the numbers.
_NUMBERED = (
    "acomp advcl advmod agent amod appos attr aux auxpass cc ccomp complm conj cop csubj csubjpass dep det dobj "
    "expl hmod hyph infmod intj iobj mark meta neg nmod nn npadvmod nsubj nsubjpass num number oprd obj obl "
    "parataxis partmod pcomp pobj poss possessive preconj prep prt punct quantmod relcl rcmod root xcomp acl"
)
_STRING_IDS = {word: number for number, word in enumerate(_NUMBERED.split(), 398)} | {"_": 456}


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


def string_ids(words: Sequence[str]) -> Hashes:
    """The numbers by which spaCy knows these words (not empty, in small letters): MurmurHash64A of their UTF-8."""
    coded = [word.encode("utf-8", "surrogatepass") for word in words]
    lengths = np.fromiter(map(len, coded), dtype=np.uint64, count=len(coded))
    whole, rest = lengths >> np.uint64(3), lengths & np.uint64(7)
    width = 8 * (int(whole.max(initial=0)) + 1)
    blocks = np.frombuffer(b"".join(word.ljust(width, b"\0") for word in coded), dtype="<u8").reshape(-1, width // 8)
    hashed = _SEED ^ (lengths * _MURMUR)
    for at in range(blocks.shape[1]):
        block = blocks[:, at]
        mixed = block * _MURMUR
        mixed = (mixed ^ (mixed >> _MURMUR_SHIFT)) * _MURMUR
        ended = np.where((whole == at) & (rest > 0), (hashed ^ block) * _MURMUR, hashed)
        hashed = np.where(whole > at, (hashed ^ mixed) * _MURMUR, ended)
    hashed = (hashed ^ (hashed >> _MURMUR_SHIFT)) * _MURMUR
    hashed ^= hashed >> _MURMUR_SHIFT
    for at, word in enumerate(words):
        if word in _STRING_IDS:
            hashed[at] = _STRING_IDS[word]
    return hashed
