"""The authored passages that ship with the package: examples to show beside a judgement, a base set to measure on."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

from detector.labelled import UNLABELLED, LabelledPost, read_public
from detector.reading import RECOMMENDATION_KINDS

SHIPPED = Path(str(files("detector"))) / "authored.jsonl.gz"
SHORTEST = 3  # words of a passage that can be an example
_WORD = re.compile(r"[$@]?[a-z]+(?:['’][a-z]+)?|\d")


@dataclass(frozen=True, slots=True)
class Authored:
    """One authored passage; `likeness` (0 to 1) to what it was looked up for."""

    text: str
    kind: str
    likeness: float = 0.0


def authored_posts() -> Iterator[LabelledPost]:
    """All authored posts, with their labels."""
    return read_public(SHIPPED)


def nearest(text: str, kind: str, *, most: int = 2) -> tuple[Authored, ...]:
    """The most similar authored passages of that kind, best first; those without a word in common are left out."""
    return _nearest(text, frozenset({kind}), most)


def nearest_counterexample(text: str, *, is_recommendation: bool) -> tuple[Authored, ...]:
    """The most similar authored passage of the other side: what a small change of words would make of it."""
    return _nearest(text, _other_side(is_recommendation=is_recommendation), 1)


def _other_side(*, is_recommendation: bool) -> frozenset[str]:
    kinds = {one.kind for one in _passages()}
    return frozenset(kinds - set(RECOMMENDATION_KINDS) if is_recommendation else kinds & set(RECOMMENDATION_KINDS))


def _nearest(text: str, kinds: frozenset[str], most: int) -> tuple[Authored, ...]:
    """Cosine over words and pairs of words, weighted by how rare they are in the corpus."""
    wanted, rarity = _terms(text), _rarity()
    norm = _norm(wanted)
    scored = []
    for number, one in enumerate(_passages()):
        if one.kind in kinds and (shared := wanted & _all_terms()[number]):
            likeness = sum(rarity.get(term, 0.0) ** 2 for term in shared) / (norm * _norms()[number])
            scored.append((likeness, -number))
    best = sorted(scored, reverse=True)[:most]
    return tuple(Authored(_passages()[-at].text, _passages()[-at].kind, round(likeness, 3)) for likeness, at in best)


def _terms(text: str) -> frozenset[str]:
    """Words, with tickers as one word, and pairs of words."""
    words = ["$" if word[0] == "$" else word for word in _WORD.findall(text.lower())]
    return frozenset((*words, *map(" ".join, pairwise(words))))


@cache
def _passages() -> tuple[Authored, ...]:
    return tuple(
        Authored(post.text[one.start : one.end], one.kind)
        for post in authored_posts()
        for one in post.passages
        if one.kind != UNLABELLED and not one.unsure and len(post.text[one.start : one.end].split()) >= SHORTEST
    )


@cache
def _all_terms() -> tuple[frozenset[str], ...]:
    return tuple(_terms(one.text) for one in _passages())


@cache
def _rarity() -> dict[str, float]:
    counts = Counter(term for terms in _all_terms() for term in terms)
    return {term: math.log(len(_all_terms()) / count) for term, count in counts.items()}


@cache
def _norms() -> tuple[float, ...]:
    return tuple(map(_norm, _all_terms()))


def _norm(terms: frozenset[str]) -> float:
    unknown = math.log(len(_all_terms()) + 1)
    return math.sqrt(sum(_rarity().get(term, unknown) ** 2 for term in terms)) or 1.0
