"""The authored passages that ship with the package: examples to show beside a judgement, a base set to measure on."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector.labelled import UNLABELLED, LabelledPost, read_public
from detector.reading import RECOMMENDATION_KINDS
from detector.view import make_view

SHIPPED = Path(str(files("detector"))) / "authored.jsonl.gz"
SHORTEST = 3  # words of a passage that can be an example
REMEMBERED = 64  # texts looked up last: a passage is asked for its like and for its counterexample
_WORD = re.compile(r"[$@]?[a-z]+(?:['’][a-z]+)?|\d")


@dataclass(frozen=True, slots=True)
class Authored:
    """One authored passage; `likeness` (0 to 1) to what it was looked up for."""

    text: str
    kind: str
    likeness: float = 0.0


@dataclass(frozen=True, slots=True)
class _Index:
    """The passages by term: `places` and `rarity` of each term, and how long each passage's vector is."""

    passages: tuple[Authored, ...]
    kinds: NDArray[np.str_]
    recommends: NDArray[np.bool_]
    places: dict[str, NDArray[np.int64]]
    rarity: dict[str, float]
    norms: NDArray[np.float64]


def authored_posts() -> Iterator[LabelledPost]:
    """All authored posts, with their labels."""
    return read_public(SHIPPED)


def nearest(text: str, kind: str, *, most: int = 2) -> tuple[Authored, ...]:
    """The most similar authored passages of that kind, best first; those without a word in common are left out."""
    return _best(text, _index().kinds == kind, most)


def nearest_counterexample(text: str, *, is_recommendation: bool) -> tuple[Authored, ...]:
    """The most similar authored passage of the other side: what a small change of words would make of it."""
    return _best(text, _index().recommends != is_recommendation, 1)


def _best(text: str, wanted: NDArray[np.bool_], most: int) -> tuple[Authored, ...]:
    likeness, passages = _likeness(text), _index().passages
    candidates = np.flatnonzero(wanted & (likeness > 0))
    best = candidates[np.argsort(-likeness[candidates], kind="stable")[:most]]
    return tuple(replace(passages[at], likeness=round(float(likeness[at]), 3)) for at in best.tolist())


@lru_cache(maxsize=REMEMBERED)
def _likeness(text: str) -> NDArray[np.float64]:
    """To each passage: the cosine over words and pairs of words as a reader sees them, weighted by their rarity."""
    index, wanted = _index(), _terms(make_view(text).text)
    shared = np.zeros(len(index.passages))
    for term in wanted:
        if term in index.places:
            shared[index.places[term]] += index.rarity[term] ** 2
    return shared / (_norm(wanted, index.rarity, len(index.passages)) * index.norms)


def _terms(text: str) -> tuple[str, ...]:
    """Words, with tickers as one word, and pairs of words; each once, in order, so that sums are always the same."""
    words = ["$" if word[0] == "$" else word for word in _WORD.findall(text.lower())]
    return tuple(dict.fromkeys((*words, *map(" ".join, pairwise(words)))))


@cache
def _index() -> _Index:
    passages = tuple(_passages())
    places: defaultdict[str, list[int]] = defaultdict(list)
    all_terms = [_terms(one.text) for one in passages]
    for number, terms in enumerate(all_terms):
        for term in terms:
            places[term].append(number)
    rarity = {term: math.log(len(passages) / len(found)) for term, found in places.items()}
    return _Index(
        passages,
        np.array([one.kind for one in passages]),
        np.array([one.kind in RECOMMENDATION_KINDS for one in passages]),
        {term: np.array(found) for term, found in places.items()},
        rarity,
        np.array([_norm(terms, rarity, len(passages)) for terms in all_terms]),
    )


def _passages() -> Iterator[Authored]:
    for post in authored_posts():
        for one in post.passages:
            text = post.text[one.start : one.end]
            if one.kind != UNLABELLED and not one.unsure and len(text.split()) >= SHORTEST:
                yield Authored(text, one.kind)


def _norm(terms: tuple[str, ...], rarity: dict[str, float], passages: int) -> float:
    unknown = math.log(passages + 1)
    return math.sqrt(sum(rarity.get(term, unknown) ** 2 for term in terms)) or 1.0
