"""The corpus as the model sees it: the same features as at inference, as one sparse matrix."""

from __future__ import annotations

from dataclasses import dataclass

from scipy import sparse
from spacy.language import Language

from detector.pipeline.features import Batch, read_batch
from detector.pipeline.features_lexemes import LexemeTable
from detector.pipeline.features_matrix import feature_matrix
from training.corpus import Corpus


@dataclass(frozen=True)
class Examples:
    """Passages of a corpus: their hashed features (a row each), and the batch and word forms that they came from."""

    matrix: sparse.csr_matrix
    batch: Batch
    table: LexemeTable


def read_examples(corpus: Corpus, nlp: Language, *, bits: int) -> Examples:
    """Featurise every passage."""
    docs = [nlp.make_doc(post.text) for post in corpus.posts]
    bounds = [[(passage.start, passage.end) for passage in post.passages] for post in corpus.posts]
    table = LexemeTable(bits=18)
    batch = read_batch(docs, bounds, table)
    return Examples(feature_matrix(batch, table, bits=bits), batch, table)
