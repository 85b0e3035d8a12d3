"""Both stages' outputs as calibrated probabilities, by the same sums as the model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detector.pipeline.cascade import (
    YES,
    divided,
    joint_kinds,
    joint_log_odds,
    kind_probabilities,
    mixed_log_odds,
    named_kinds,
)
from detector.pipeline.model import SECOND_SETTINGS
from detector.pipeline.second_stage import PREFIX
from training.corpus import Corpus
from training.evaluate import Bools, Scored, scored_by
from training.fit import Arrays, Floats, Rows, Settings, fit_calibration
from training.metrics import f1_of

POWERS = tuple(step / 10 for step in range(11))


@dataclass(frozen=True)
class Outputs:
    """Cross-validated outputs of both stages, a row a passage: NaN where none was worked out."""

    linear: Floats
    second: Floats | None

    def mixed(self, settings: Settings) -> Floats:
        """The linear stage's log-odds."""
        return np.asarray(mixed_log_odds(self.linear, settings.kinds_share, settings.gate))

    def read(self, settings: Settings) -> Bools:
        """Which passages the second stage reads."""
        if self.second is None:
            return np.zeros(len(self.linear), dtype=bool)
        return self.mixed(settings) > settings.second_gate

    def kinds(self, settings: Settings) -> Floats:
        """P(kind) by both stages, of every passage."""
        kinds, read = kind_probabilities(self.linear), self.read(settings)
        if self.second is not None:
            kinds[read] = joint_kinds(kinds[read], self.second[read], settings.second_kinds_share)
        return np.asarray(kinds)

    def joint(self, settings: Settings) -> Floats:
        """Log-odds of both stages, of the passages that the second one reads."""
        read = self.read(settings)
        if self.second is None:
            return np.zeros(0)
        return np.asarray(joint_log_odds(self.mixed(settings)[read], self.second[read], settings.second_share))


@dataclass(frozen=True)
class Lines:
    """The calibrations: of the linear stage, and of both where the second reads."""

    first: Floats
    second: Floats | None

    @classmethod
    def fit(cls, outputs: Outputs, corpus: Corpus, rows: Bools, settings: Settings) -> Lines:
        """Fitted on these passages."""
        mixed, read = outputs.mixed(settings), outputs.read(settings)
        first = fit_calibration(mixed[rows], corpus.truth[rows], knots=settings.knots)
        if not (read & rows).any():
            return cls(first, None)
        joint = np.full(len(mixed), np.nan)
        joint[read] = outputs.joint(settings)
        return cls(first, fit_calibration(joint[read & rows], corpus.truth[read & rows], knots=settings.knots))

    def log_odds(self, outputs: Outputs, settings: Settings) -> Floats:
        """Calibrated log-odds of every passage."""
        found = np.interp(outputs.mixed(settings), *self.first)
        if self.second is not None:
            found[outputs.read(settings)] = np.interp(outputs.joint(settings), *self.second)
        return np.asarray(found)


def calibrated_across(outputs: Outputs, corpus: Corpus, fold: Rows, scored: Bools, settings: Settings) -> Scored:
    """Cross-validated outputs as probabilities; each fold's calibration is fitted on the other folds."""
    probability = np.full(len(fold), np.nan)
    for number in np.unique(fold[scored]):
        lines = Lines.fit(outputs, corpus, scored & (fold != number), settings)
        held = scored & (fold == number)
        probability[held] = 1 / (1 + np.exp(-lines.log_odds(outputs, settings)[held]))
    kinds = divided(outputs.kinds(settings), probability)
    named = np.zeros(len(fold), dtype=np.int64)
    for number in np.unique(fold[scored]):
        naming = fit_naming(kinds, corpus.kind, scored & (fold != number))
        held = scored & (fold == number)
        named[held] = named_kinds(kinds[held], naming)
    return scored_by(corpus, scored, probability, kinds, named)


def fit_naming(kinds: Floats, truth: Rows, rows: Bools) -> Floats:
    """What to add to each recommendation kind's log-odds so that the six are named equally well: the mean F1 is best.

    It is the kind's rarity among these passages, to a power that is tried out on them.
    """
    inside = rows & (truth >= 0) & (truth < YES)
    share = np.maximum(np.bincount(truth[inside], minlength=YES), 1) / max(int(inside.sum()), 1)
    tried = [-power * np.log(share) for power in POWERS]
    found = [_mean_f1(truth[inside], named_kinds(kinds[inside], naming)) for naming in tried]
    return np.asarray(tried[int(np.argmax(found))])


def _mean_f1(truth: Rows, named: Rows) -> float:
    weight = np.ones(len(truth))
    return float(np.mean([f1_of(truth == number, named == number, weight) for number in range(YES)]))


def calibration_arrays(outputs: Outputs, corpus: Corpus, scored: Bools, settings: Settings) -> Arrays:
    """The calibrations and what decides when the second stage counts, as arrays of a model."""
    lines = Lines.fit(outputs, corpus, scored, settings)
    naming = fit_naming(outputs.kinds(settings), corpus.kind, scored)
    arrays: Arrays = {"calibration": lines.first.astype(np.float32), "naming": naming.astype(np.float32)}
    if lines.second is not None:
        arrays[f"{PREFIX}calibration"] = lines.second.astype(np.float32)
        for name in SECOND_SETTINGS:
            arrays[PREFIX + name] = np.array([getattr(settings, PREFIX + name)], dtype=np.float32)
    return arrays
