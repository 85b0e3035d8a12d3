"""All that a training run looks at: labelled posts, what the teacher taught of the pool's, and their features."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from spacy.language import Language

from training.cascade import Outputs
from training.corpus import Corpus, same_post
from training.evaluate import NATURAL
from training.examples import Examples, read_examples
from training.fit import Arrays, Floats, Rows, Settings, Soft, cross_scores, fit_linear, linear_arrays
from training.lessons import START, Taught


@dataclass(frozen=True)
class Study:
    """A corpus with its features. With `taught`, the pool's posts stand after the corpus's own, unlabelled."""

    corpus: Corpus
    examples: Examples
    settings: Settings
    taught: Taught | None = None
    folder: Path | None = None

    @classmethod
    def read(cls, corpus: Corpus, nlp: Language, settings: Settings, lessons: Path | None) -> Study:
        """Featurise a corpus and, from a folder that `teach` wrote, what it left there."""
        if lessons is None:
            return cls(corpus, read_examples(corpus, nlp, bits=settings.bits), settings)
        taught = Taught.load(lessons)
        joined = taught.join(corpus)
        return cls(joined, read_examples(joined, nlp, bits=settings.bits), settings, taught, lessons)

    @property
    def matrix(self) -> sparse.csr_matrix:
        """Features of the linear stage."""
        return self.examples.matrix

    @property
    def soft(self) -> Soft | None:
        """The pool's passages that the teacher judged."""
        if self.taught is None:
            return None
        return Soft(self.taught.rows + len(self.corpus.passages) - self.taught.passages, self.taught.yes)

    def shared(self) -> Rows:
        """Labelled passages of posts that are neither natural nor copies of such: those that every fold may see."""
        held = {same_post(post.text) for post in self.corpus.posts if post.split == NATURAL}
        copies = np.array([same_post(post.text) in held for post in self.corpus.posts], dtype=bool)
        return np.flatnonzero((self.corpus.kind >= 0) & ~copies[self.corpus.post])

    def cross(self, fold: Rows, scored: NDArray[np.bool_]) -> Outputs:
        """Both stages' outputs for `scored` passages, by models that saw no post of their fold."""
        start = self.start()
        linear = cross_scores(self.matrix, self.corpus, fold, scored, self.settings, soft=self.soft, start=start)
        if self.folder is None or self.taught is None:
            return Outputs(linear, None)
        from training.tuning import Tuning  # needs PyTorch

        return Outputs(linear, Tuning.load(self).cross(fold, scored))

    def start(self) -> Floats | None:
        """The linear models that `teach` left: where every fold's begin. None without such."""
        if self.folder is None or not (self.folder / START).exists():
            return None
        with np.load(self.folder / START, allow_pickle=False) as arrays:
            return np.asarray(arrays["start"], dtype=np.float64)

    def fit_start(self) -> Floats | None:
        """Linear models that saw nothing natural. None if there is nothing else to see."""
        shared = self.shared()
        if not len(shared):
            return None
        return fit_linear(self.matrix, self.corpus, shared, self.settings, soft=self.soft)

    def labelled(self) -> Rows:
        """All passages with a label."""
        return np.flatnonzero(self.corpus.kind >= 0)

    def fit(self) -> Arrays:
        """Both stages' arrays, from everything labelled."""
        coefficients = fit_linear(
            self.matrix, self.corpus, self.labelled(), self.settings, soft=self.soft, start=self.start()
        )
        arrays = linear_arrays(coefficients, self.settings)
        if self.folder is None:
            return arrays
        from training.tuning import Tuning  # needs PyTorch

        return arrays | Tuning.load(self).arrays()
