"""The yardstick: splitting the text into tokens, which nothing that reads words can do without."""

from __future__ import annotations

import spacy
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.case import Case, Work, exhaust
from benchmarks.timing import run

NAME = "bare spaCy tokenisation"


def prepare(case: Case) -> Work:
    """Blank English, as spaCy ships it."""
    nlp = spacy.blank("en")
    return lambda: exhaust(nlp.tokenizer.pipe(post.text for post in case.posts))


def test_bare_tokens(benchmark: BenchmarkFixture, case: Case) -> None:
    run(benchmark, prepare, case)
