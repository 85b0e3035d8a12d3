"""The student's last lessons: from the base that `teach` left, on the natural passages that a fold may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from detector.pipeline.second_stage import PREFIX, SecondStage
from detector.reading import KINDS
from training.corpus import Corpus
from training.evaluate import NATURAL
from training.fit import Arrays, Floats, Rows, Settings, passage_weights, sides
from training.lessons import STUDENT, Taught
from training.student import Lessons, Student
from training.student_input import Words, read_words
from training.study import Study
from training.teacher_input import HINTS


@dataclass(frozen=True)
class Tuning:
    """Students that begin as the base ones, one for each seed."""

    study: Study
    words: Words
    bases: list[dict[str, Any]]

    @classmethod
    def load(cls, study: Study) -> Tuning:
        """With the base students of the study's folder."""
        if study.folder is None:
            raise ValueError("a study without a folder has no student")
        bases = torch.load(study.folder / STUDENT, weights_only=True)
        return cls(study, read_words(study.examples.batch, study.examples.table), bases)

    def cross(self, fold: Rows, scored: NDArray[np.bool_]) -> Floats:
        """Second-stage outputs for `scored` passages by students that saw no post of their fold; NaN elsewhere."""
        found = np.full((len(fold), 1 + len(KINDS)), np.nan)
        for seen, held in sides(self.study.corpus, fold, scored):
            stage = SecondStage(self.tuned(seen), self.study.examples.table)
            found[held] = stage.score(self.study.examples.batch, held)
        return found

    def tuned(self, seen: Rows) -> Arrays:
        """Arrays of a student tuned on the natural ones of these passages, amid as many others."""
        study, settings = self.study, self.study.settings
        natural = seen[study.corpus.split[seen] == NATURAL]
        others = np.setdiff1d(seen, natural)
        generator = np.random.default_rng(settings.seed)
        some = generator.choice(others, min(len(others), len(natural)), replace=False)
        lessons = label_lessons(study.corpus, np.concatenate([natural, some]), settings)
        student = Student(settings.seed)
        student.take(self.bases[0])
        student.fit(self.words, lessons, epochs=settings.tuning_epochs, rate=settings.tuning_rate)
        return student.arrays()

    def arrays(self) -> Arrays:
        """The shipped student's arrays, tuned on everything labelled."""
        return {PREFIX + name: array for name, array in self.tuned(self.study.labelled()).items()}


def label_lessons(corpus: Corpus, rows: Rows, settings: Settings) -> Lessons:
    """Labels as lessons: smoothed, more so where the annotator hesitated."""
    unsure = corpus.unsure[rows].astype(np.float64)
    yes = np.where(corpus.truth[rows], 0.98 - 0.23 * unsure, 0.01 + 0.24 * unsure)
    smooth = (0.05 + 0.2 * unsure)[:, None]
    kinds = smooth / len(KINDS) + (1 - smooth) * np.eye(len(KINDS))[corpus.kind[rows]]
    weight = np.sqrt(passage_weights(corpus, settings)[rows])
    hint = np.full((len(rows), HINTS), np.nan)
    return Lessons(rows, *(one.astype(np.float32) for one in (yes, kinds, weight, hint)))


def taught_lessons(taught: Taught, rows: Rows, settings: Settings) -> Lessons:
    """What the teacher thinks of pool passages, as lessons."""
    weight = np.full(len(rows), settings.teacher_weight, dtype=np.float32)
    return Lessons(rows, taught.yes, taught.kinds, weight, taught.hint)


def joined_lessons(parts: list[Lessons]) -> Lessons:
    """Lessons one after the other."""
    names = Lessons.__dataclass_fields__
    return Lessons(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def base_student(study: Study, words: Words, *, seed: int) -> dict[str, Any]:
    """A student that learnt what every fold may see, and what the teacher thinks of the pool."""
    parts = [label_lessons(study.corpus, study.shared(), study.settings)]
    if study.taught is not None and study.soft is not None:
        parts.append(taught_lessons(study.taught, study.soft.rows, study.settings))
    student = Student(seed)
    student.fit(words, joined_lessons(parts), epochs=study.settings.student_epochs, rate=study.settings.student_rate)
    return student.weights()
