"""The posts that training learns from, as one table of passages with groups that folds must not part."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector.reading import KINDS, RECOMMENDATION_KINDS, TARGETS
from detector.view import make_view
from training.corrections import corrected
from training.labelled import LabelledPassage, LabelledPost, read_authored_folder, read_public

AUTHORED = Path(__file__).resolve().parent.parent / "corpora" / "authored"
_LINKS, _LETTERS = re.compile(r"https?://\S+"), re.compile(r"[^a-z]+")
_KEY = 200  # letters by which two posts count as the same post


@dataclass(frozen=True)
class Corpus:
    """Labelled posts; the arrays have an entry a passage, in order."""

    posts: tuple[LabelledPost, ...]

    @cached_property
    def passages(self) -> list[LabelledPassage]:
        """All passages."""
        return [passage for post in self.posts for passage in post.passages]

    @cached_property
    def post(self) -> NDArray[np.int64]:
        """Which post each passage is of."""
        return np.repeat(np.arange(len(self.posts)), [len(post.passages) for post in self.posts])

    @cached_property
    def kind(self) -> NDArray[np.int64]:
        """Number of its kind in `KINDS`, -1 for `unlabelled`."""
        number = {name: position for position, name in enumerate(KINDS)}
        return np.array([number.get(passage.kind, -1) for passage in self.passages], dtype=np.int64)

    @cached_property
    def truth(self) -> NDArray[np.bool_]:
        """Whether it is a recommendation."""
        return (self.kind >= 0) & (self.kind < len(RECOMMENDATION_KINDS))

    @cached_property
    def target(self) -> NDArray[np.int64]:
        """Number of its target in `TARGETS`, -1 for none."""
        number = {name: position for position, name in enumerate(TARGETS)}
        return np.array([number.get(passage.target or "", -1) for passage in self.passages], dtype=np.int64)

    @cached_property
    def unsure(self) -> NDArray[np.bool_]:
        """Whether the annotator hesitated."""
        return np.array([passage.unsure for passage in self.passages], dtype=bool)

    @cached_property
    def split(self) -> NDArray[np.str_]:
        """How its post was sampled."""
        return np.array([post.split for post in self.posts], dtype=str)[self.post]

    @cached_property
    def dataset(self) -> NDArray[np.str_]:
        """Its post's source."""
        return np.array([post.dataset for post in self.posts], dtype=str)[self.post]

    def fold(self, folds: int, *, seed: int) -> NDArray[np.int64]:
        """A fold for each passage: posts of the same words always share one."""
        of_post = [
            int(hashlib.sha256(f"{seed}:{same_post(post.text)}".encode()).hexdigest(), 16) % folds
            for post in self.posts
        ]
        return np.array(of_post, dtype=np.int64)[self.post]


def same_post(text: str) -> str:
    """What reposts and near copies of a post have in common: its first letters, links and numbers left out."""
    return _LETTERS.sub(" ", _LINKS.sub(" ", text.lower())).strip()[:_KEY] or text


def read_corpus(public: Sequence[Path], authored: Path | None = AUTHORED) -> Corpus:
    """Public posts of these files and, unless None, the authored posts of a folder. Raises `InputError`."""
    posts = [as_seen(corrected(post)) for path in public for post in read_public(path)]
    if authored is not None:
        posts += [as_seen(post) for post in read_authored_folder(authored)]
    return Corpus(tuple(posts))


def as_seen(post: LabelledPost) -> LabelledPost:
    """The post as the pipeline will meet it: its view's text, and its passages' bounds in that."""
    view = make_view(post.text)
    if view.starts is None or view.ends is None:
        return post
    starts, ends = np.asarray(view.starts), np.asarray(view.ends)
    passages = tuple(
        LabelledPassage(
            int(np.searchsorted(ends, passage.start, side="right")), int(np.searchsorted(starts, passage.end)),
            passage.kind, passage.target, passage.unsure,
        )
        for passage in post.passages
    )  # fmt: skip
    return LabelledPost(post.id, post.dataset, post.split, view.text, passages, post.note)


def file_hashes(paths: Iterable[Path]) -> dict[str, str]:
    """SHA-256 of each file, by its name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(paths)}


def passage_texts(corpus: Corpus) -> list[str]:
    """The words of every passage."""
    return [post.text[passage.start : passage.end] for post in corpus.posts for passage in post.passages]
