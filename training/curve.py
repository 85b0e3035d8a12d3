"""How much more labels, and labels of the same sources, are worth: the yes-or-no output of the linear stage alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed

from training.corpus import AUTHORED, Corpus, read_corpus
from training.evaluate import NATURAL, Bools
from training.fit import Floats, Rows, Settings, passage_weights, sides
from training.metrics import average_precision, best_f1, figure
from training.soft import fit_soft
from training.study import Study

SHARES = (0.125, 0.25, 0.5, 1.0)  # of the training posts


def curve(file: Path, *, settings: Settings, folds: int, groups: int, authored: Path = AUTHORED) -> Iterator[str]:
    """Lines: average precision and best F1 by share of the training posts, and with groups of sources left out."""
    from training.run import make_language

    study = Study.read(read_corpus([file], authored), make_language(), settings, None)
    corpus = study.corpus
    natural = np.asarray((corpus.split == NATURAL) & (corpus.kind >= 0))
    by_post = corpus.fold(folds, seed=settings.seed)
    luck = np.random.default_rng(settings.seed).random(len(corpus.posts))[corpus.post]
    for share in SHARES:
        yield f"{share:6.1%} of the posts   {_line(study, by_post, natural, luck < share)}"
    yield f"{groups} groups of sources {_line(study, left_out(corpus, groups), natural, luck < 1)}"


def _line(study: Study, fold: Rows, natural: Bools, kept: Bools) -> str:
    """Figures of models that learnt from the kept passages outside each fold."""
    jobs = [(seen[kept[seen]], held) for seen, held in sides(study.corpus, fold, natural)]
    found = Parallel()(delayed(_scores)(study, *job) for job in jobs)
    score = np.full(len(fold), np.nan)
    for (_, held), values in zip(jobs, found, strict=True):
        score[held] = values
    truth, post = study.corpus.truth[natural], study.corpus.post[natural]
    measures = {"AP": average_precision, "best F1": best_f1}
    return "  ".join(
        f"{name} {figure(lambda weight, of=measure: of(truth, score[natural], weight), post)}"  # type: ignore[misc]
        for name, measure in measures.items()
    )


def _scores(study: Study, seen: Rows, held: Rows) -> Floats:
    corpus, settings = study.corpus, study.settings
    weight, goals = passage_weights(corpus, settings)[seen], corpus.truth[seen, None].astype(np.float64)
    found = fit_soft(study.matrix[seen], goals, weight, c=settings.binary_c, rounds=settings.binary_rounds)
    return np.asarray(study.matrix[held] @ found[:-1, 0] + found[-1, 0])


def left_out(corpus: Corpus, groups: int) -> Rows:
    """Which group of sources each passage is of."""
    return np.asarray(np.unique(corpus.dataset, return_inverse=True)[1] % groups)
