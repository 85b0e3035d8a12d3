"""Groups of public sources, so that one can be left out of all that a model learns from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from detector.labelled import LabelledPost
from training.corpus import Corpus, same_post
from training.evaluate import Bools
from training.fit import AUTHORED_SPLIT


def family(dataset: str) -> str:
    """What years and parts of one source share: the first two words of its name, years aside."""
    return "_".join([word for word in dataset.split("_") if not word.isdigit()][:2])


@dataclass(frozen=True)
class Group:
    """Families of sources that a model must not have seen."""

    families: frozenset[str]

    def __contains__(self, post: LabelledPost) -> bool:
        return family(post.dataset) in self.families

    def held(self, posts: Sequence[LabelledPost]) -> Bools:
        """Which posts are of its sources, or copies of one that is."""
        keys = [same_post(post.text) for post in posts]
        inside = {key for key, post in zip(keys, posts, strict=True) if post in self}
        return np.array([key in inside for key in keys], dtype=bool)

    def rest(self, posts: Sequence[LabelledPost]) -> list[LabelledPost]:
        """The posts that a model may see."""
        return [post for post, held in zip(posts, self.held(posts), strict=True) if not held]


def divide(corpus: Corpus, groups: int) -> list[Group]:
    """Divide the public sources: families in order of their names, dealt out like cards. Authored posts are of none."""
    names = sorted({family(post.dataset) for post in corpus.posts if post.split != AUTHORED_SPLIT})
    return [Group(frozenset(names[first::groups])) for first in range(groups)]


def lessons_without(folder: Path, number: int) -> Path:
    """Where the lessons are that leave this group out."""
    return folder / f"without_{number}"
