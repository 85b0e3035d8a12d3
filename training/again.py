"""The second round: teacher, first student and first linear models together label the pool again, and more of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from detector.pipeline.cascade import divided, kind_probabilities, mixed_log_odds, softmax
from detector.pipeline.second_stage import SecondStage
from training.fit import Floats, Rows
from training.lessons import STUDENT, Taught
from training.student import Student
from training.study import Study

OWN_SHARE = 0.5  # of a passage's label so far, beside what the first student and linear models make of it
LEAST = 1e-6


def labelled_again(study: Study) -> Taught:
    """The pool's soft labels, mixed with the opinions of the student and the linear models in the study's folder."""
    taught, soft = study.taught, study.soft
    if taught is None or soft is None:
        raise ValueError("a study without lessons has nothing to label again")
    rows = soft.rows
    linear, second = _linear(study, rows), _student(study).score(study.examples.batch, rows)
    mixed = mixed_log_odds(linear, study.settings.kinds_share, study.settings.gate)
    yes = np.clip(taught.yes.astype(np.float64), LEAST, 1 - LEAST)
    log_odds = OWN_SHARE * np.log(yes / (1 - yes)) + (1 - OWN_SHARE) * (mixed + second[:, 0]) / 2
    probability = 1 / (1 + np.exp(-log_odds))
    others = [np.log(np.maximum(one, LEAST)) for one in (kind_probabilities(linear), softmax(second[:, 1:]))]
    kinds = OWN_SHARE * np.log(np.maximum(taught.kinds, LEAST)) + (1 - OWN_SHARE) * (others[0] + others[1]) / 2
    found = replace(
        taught,
        yes=probability.astype(np.float32),
        kinds=divided(softmax(kinds), probability).astype(np.float32),
    )
    return found.with_plain_truth()


def _linear(study: Study, rows: Rows) -> Floats:
    start = study.start()
    if start is None:
        raise ValueError("a folder without linear models cannot label again")
    return np.asarray(study.matrix[rows] @ start[:-1] + start[-1])


def _student(study: Study) -> SecondStage:
    if study.folder is None:
        raise ValueError("a study without a folder has no student")
    student = Student(study.settings.seed)
    student.take(torch.load(study.folder / STUDENT, weights_only=True)[0])
    return SecondStage(student.arrays(), study.examples.table)
