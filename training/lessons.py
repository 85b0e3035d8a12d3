"""What the teacher taught: soft labels of pool passages, kept in a local folder for `train` and `evaluate`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector.errors import InputError
from detector.labelled import LabelledPost, read_public
from detector.reading import RECOMMENDATION_KINDS
from training.corpus import Corpus
from training.evaluate import NOT_FINANCIAL

POSTS, LESSONS, STUDENT, TEACHER = "pool.jsonl", "lessons.npz", "student.pt", "teacher.pt"
START = "start.npz"
TAUGHT_FILES = (POSTS, LESSONS, STUDENT, START, TEACHER)  # what `train` reads
YES = len(RECOMMENDATION_KINDS)
TEACHER_SHARE = 0.6  # of the teacher's log-odds beside the linear stage's
KINDS_SHARE = 0.4  # within the teacher's: of what its kinds say beside its yes-or-no output
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Taught:
    """Pool posts, which of their passages the teacher judged, and its judgement of those, an entry each."""

    posts: tuple[LabelledPost, ...]
    rows: NDArray[np.int64]
    yes: Floats
    kinds: Floats
    hint: Floats

    @classmethod
    def load(cls, folder: Path) -> Taught:
        """Read a folder that `teach` wrote. Raises `InputError`."""
        try:
            with np.load(folder / LESSONS, allow_pickle=False) as arrays:
                found = {name: arrays[name] for name in ("rows", "yes", "kinds", "hint")}
        except (OSError, ValueError, KeyError) as error:
            raise InputError(str(folder / LESSONS), f"cannot be read: {error}; `python -m training teach`") from error
        return cls(tuple(read_public(folder / POSTS)), **found)

    def save(self, folder: Path) -> None:
        """Write everything but the posts, which `save_posts` writes."""
        arrays = {"rows": self.rows, "yes": self.yes, "kinds": self.kinds, "hint": self.hint}
        np.savez_compressed(folder / LESSONS, **arrays)  # type: ignore[arg-type]  # NumPy types the last as an option

    def with_plain_truth(self) -> Taught:
        """The same, but in data sets without any finance nothing is a recommendation, whatever the teacher thinks."""
        outside = np.array([post.dataset.startswith(NOT_FINANCIAL) for post in self.posts], dtype=bool)
        passages = np.repeat(outside, [len(post.passages) for post in self.posts])[self.rows]
        kinds = self.kinds.copy()
        kinds[passages, :YES] = 0.0
        kinds /= kinds.sum(axis=1, keepdims=True)
        return replace(self, yes=np.where(passages, np.float32(0), self.yes), kinds=kinds)

    @property
    def passages(self) -> int:
        """How many passages the posts have."""
        return sum(len(post.passages) for post in self.posts)

    def join(self, corpus: Corpus) -> Corpus:
        """The corpus with the pool's posts after its own."""
        return Corpus(corpus.posts + self.posts)


def holds_teacher(lessons: Path | None) -> bool:
    """Whether there is a teacher, from which the thorough model can be made."""
    return lessons is not None and (lessons / TEACHER).exists()


def soft_labels(log_odds: Floats, kinds: Floats, linear: Floats) -> tuple[Floats, Floats]:
    """P(recommendation) by teacher and linear stage together, and P(kind) that adds up to it on either side."""
    share = np.exp(kinds)
    of_kinds = np.clip(share[:, :YES].sum(axis=1), 1e-6, 1 - 1e-6)
    teacher = (1 - KINDS_SHARE) * log_odds + KINDS_SHARE * np.log(of_kinds / (1 - of_kinds))
    yes = 1 / (1 + np.exp(-(TEACHER_SHARE * teacher + (1 - TEACHER_SHARE) * linear)))
    for side, total in ((slice(None, YES), yes), (slice(YES, None), 1 - yes)):
        share[:, side] *= (total / np.maximum(share[:, side].sum(axis=1), 1e-9))[:, None]
    return yes.astype(np.float32), share.astype(np.float32)
