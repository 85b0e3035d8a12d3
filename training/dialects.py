"""How well voices from elsewhere are judged: authored posts, by a linear stage that did not see them."""

from __future__ import annotations

import numpy as np

from training import metrics
from training.evaluate import Bools, Floats
from training.fit import AUTHORED_SPLIT, Settings, fit_calibration, passage_weights, sides
from training.soft import fit_soft
from training.study import Study

FILES = {
    "United States, forums": "us_reddit",
    "United States, microblogs": "us_stocktwits",
    "United Kingdom, Australia, Canada": "uk_newsletter",
    "Singlish": "sg_singlish",
    "translated from Chinese": "zh_english",
    "elsewhere in Asia": "asia_feed",
    "crypto rooms": "crypto_telegram",
    "long posts on a broker's feed": "feed_longform",
}
FEWEST = 5  # recommendations that a row needs
ROUNDS = 40  # enough to compare rows


def by_dialect(study: Study, settings: Settings, *, folds: int) -> dict[str, dict[str, float]]:
    """Passages, recommendations, average precision and F1 of each; hard labels, yes-or-no output, folds by post."""
    corpus = study.corpus
    scored = (corpus.split == AUTHORED_SPLIT) & (corpus.kind >= 0)
    if not np.isin(corpus.dataset[scored], [f"authored_{file}" for file in FILES.values()]).any():
        return {}
    weight, score = passage_weights(corpus, settings), np.full(len(corpus.kind), np.nan)
    for seen, held in sides(corpus, corpus.fold(folds, seed=settings.seed), scored):
        goals = corpus.truth[seen].astype(np.float64)[:, None]
        found = fit_soft(study.matrix[seen], goals, weight[seen], c=settings.binary_c, rounds=ROUNDS)
        score[held] = (study.matrix[held] @ found[:-1] + found[-1])[:, 0]
    line = fit_calibration(score[scored], corpus.truth[scored], knots=settings.knots)
    flagged = np.interp(score, *line) >= 0
    inside = {name: scored & (corpus.dataset == f"authored_{file}") for name, file in FILES.items()}
    return {
        name: _figures(corpus.truth[rows], score[rows], flagged[rows])
        for name, rows in inside.items()
        if corpus.truth[rows].sum() >= FEWEST
    }


def _figures(truth: Bools, score: Floats, flagged: Bools) -> dict[str, float]:
    even = np.ones(len(truth))
    return {
        "passages": len(truth),
        "recommendations": int(truth.sum()),
        "flagged": int(flagged.sum()),
        "average_precision": metrics.average_precision(truth, score, even),
        "f1": metrics.f1_of(truth, flagged, even),
    }
