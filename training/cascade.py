"""Both stages' outputs as calibrated probabilities, by the same sums as the model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detector.pipeline.cascade import divided, joint_kinds, joint_log_odds, kind_probabilities, mixed_log_odds
from detector.pipeline.model import SECOND_SETTINGS
from detector.pipeline.second_stage import PREFIX
from training.corpus import Corpus
from training.evaluate import Bools, Scored, scored_by
from training.fit import Arrays, Floats, Rows, Settings, fit_calibration


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
    kinds, read = kind_probabilities(outputs.linear), outputs.read(settings)
    if outputs.second is not None:
        kinds[read] = joint_kinds(kinds[read], outputs.second[read], settings.second_kinds_share)
    return scored_by(corpus, scored, probability, divided(kinds, probability))


def calibration_arrays(outputs: Outputs, corpus: Corpus, scored: Bools, settings: Settings) -> Arrays:
    """The calibrations and what decides when the second stage counts, as arrays of a model."""
    lines = Lines.fit(outputs, corpus, scored, settings)
    arrays: Arrays = {"calibration": lines.first.astype(np.float32)}
    if lines.second is not None:
        arrays[f"{PREFIX}calibration"] = lines.second.astype(np.float32)
        for name in SECOND_SETTINGS:
            arrays[PREFIX + name] = np.array([getattr(settings, PREFIX + name)], dtype=np.float32)
    return arrays
