"""What a user would try first: a keyword list, and words with characters under TF-IDF."""

from __future__ import annotations

import re

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline

from training.corpus import Corpus, passage_texts

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

KEYWORDS = re.compile(
    r"\b(buy|sell|hold|hodl|short|long|accumulate|load up|all in|avoid|stay away|get (in|out)|take profits?|stop loss|"
    r"entry|target|strong buy|must own|no.brainer|dca|yolo|dm me|join|vip|signals?|guaranteed)\b",
    re.IGNORECASE,
)


def keyword_scores(corpus: Corpus) -> Floats:
    """How many words of the list each passage holds."""
    return np.array([len(KEYWORDS.findall(text)) for text in passage_texts(corpus)], dtype=np.float64)


def tfidf_scores(corpus: Corpus, fold: Rows, scored: NDArray[np.bool_]) -> Floats:
    """The textbook answer, cross-validated on the same folds; NaN where not scored."""
    texts = np.array(passage_texts(corpus), dtype=object)
    sides = [
        (np.flatnonzero((corpus.kind >= 0) & (fold != number)), np.flatnonzero(scored & (fold == number)))
        for number in np.unique(fold[scored])
    ]
    found = Parallel()(delayed(_fit_and_score)(texts[seen], corpus.truth[seen], texts[held]) for seen, held in sides)
    scores = np.full(len(fold), np.nan)
    for (_, held), values in zip(sides, found, strict=True):
        scores[held] = values
    return scores


def _fit_and_score(texts: NDArray[np.object_], truth: NDArray[np.bool_], held: NDArray[np.object_]) -> Floats:
    return np.asarray(tfidf_model().fit(texts, truth).decision_function(held))


def tfidf_model() -> Pipeline:
    """Words and characters under TF-IDF, logistic regression."""
    words = TfidfVectorizer(ngram_range=(1, 3), min_df=2, sublinear_tf=True, token_pattern=r"\w+|[^\w\s]")  # noqa: S106
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=3, sublinear_tf=True)
    features = FeatureUnion([("words", words), ("characters", characters)])
    return Pipeline([("features", features), ("classes", LogisticRegression(C=4.0, solver="liblinear"))])
