"""What more labels, of which sources, and other costs of errors are worth to the yes-or-no of the linear stage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from training.corpus import AUTHORED, Corpus, read_corpus
from training.evaluate import NATURAL, Bools
from training.fit import Floats, Rows, Settings, passage_weights, sides
from training.metrics import average_precision, best_f1, figure
from training.soft import fit_soft
from training.study import Study

Doubles = NDArray[np.float64]
SHARES = (0.125, 0.25, 0.5, 1.0)  # of the training posts


def curve(file: Path, *, settings: Settings, folds: int, groups: int, authored: Path = AUTHORED) -> Iterator[str]:
    """Lines: average precision and best F1 by share of the training posts, and with groups of sources left out."""
    from training.run import make_language

    study = Study.read(read_corpus([file], authored), make_language(), settings, None)
    corpus = study.corpus
    natural = np.asarray((corpus.split == NATURAL) & (corpus.kind >= 0))
    by_post = corpus.fold(folds, seed=settings.seed)
    luck = np.random.default_rng(settings.seed).random(len(corpus.posts))[corpus.post]
    goals = Goals(corpus.truth.astype(np.float64), passage_weights(corpus, settings))
    for share in SHARES:
        yield f"{share:6.1%} of the posts   {_line(study, by_post, natural, luck < share, goals)}"
    yield f"{groups} groups of sources {_line(study, left_out(corpus, groups), natural, luck < 1, goals)}"


@dataclass(frozen=True)
class Goals:
    """What is learnt of each passage: P(recommendation), and how much the passage counts."""

    yes: Doubles
    weight: Doubles


def costs(file: Path, *, settings: Settings, folds: int, authored: Path = AUTHORED) -> Iterator[str]:
    """Lines: average precision and best F1 with labels marked `unsure` smoothed, and with other costs of errors."""
    from training.run import make_language

    study = Study.read(read_corpus([file], authored), make_language(), settings, None)
    corpus = study.corpus
    natural = np.asarray((corpus.split == NATURAL) & (corpus.kind >= 0))
    by_post, every = corpus.fold(folds, seed=settings.seed), np.ones(len(corpus.passages), dtype=bool)
    for name, goals in _trials(corpus, settings):
        yield f"{name:36} {_line(study, by_post, natural, every, goals)}"


def _trials(corpus: Corpus, settings: Settings) -> Iterator[tuple[str, Goals]]:
    truth, weight = corpus.truth.astype(np.float64), passage_weights(corpus, settings)
    whole = np.where(corpus.unsure, weight / settings.unsure_weight, weight)
    for smoothing in (0.0, 0.1, 0.25):
        yes = np.where(corpus.unsure, truth * (1 - 2 * smoothing) + smoothing, truth)
        yield f"unsure at {settings.unsure_weight}, smoothed by {smoothing}", Goals(yes, weight)
        yield f"unsure at full weight, smoothed by {smoothing}", Goals(yes, whole)
    for times in (0.5, 2.0):
        yield f"recommendations count {times} times", Goals(truth, np.where(corpus.truth, times * weight, weight))
    for times in (2.0, 3.0):
        natural = np.where(corpus.split == NATURAL, times * weight, weight)
        yield f"natural posts count {times} times", Goals(truth, natural)


def _line(study: Study, fold: Rows, natural: Bools, kept: Bools, goals: Goals) -> str:
    """Figures of models that learnt from the kept passages outside each fold."""
    jobs = [(seen[kept[seen]], held) for seen, held in sides(study.corpus, fold, natural)]
    found = Parallel()(delayed(_scores)(study, goals, *job) for job in jobs)
    score = np.full(len(fold), np.nan)
    for (_, held), values in zip(jobs, found, strict=True):
        score[held] = values
    truth, post = study.corpus.truth[natural], study.corpus.post[natural]
    measures = {"AP": average_precision, "best F1": best_f1}
    return "  ".join(
        f"{name} {figure(lambda weight, of=measure: of(truth, score[natural], weight), post)}"  # type: ignore[misc]
        for name, measure in measures.items()
    )


def _scores(study: Study, goals: Goals, seen: Rows, held: Rows) -> Floats:
    yes, settings = goals.yes[seen, None], study.settings
    found = fit_soft(study.matrix[seen], yes, goals.weight[seen], c=settings.binary_c, rounds=settings.binary_rounds)
    return np.asarray(study.matrix[held] @ found[:-1, 0] + found[-1, 0])


def left_out(corpus: Corpus, groups: int) -> Rows:
    """Which group of sources each passage is of."""
    return np.asarray(np.unique(corpus.dataset, return_inverse=True)[1] % groups)
