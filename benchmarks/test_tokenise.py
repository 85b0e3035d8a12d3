"""From views to tokens, with our own tokeniser."""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.case import Case, Work, exhaust
from benchmarks.components import engine_pipeline
from benchmarks.timing import run

NAME = "tokenise"


def prepare(case: Case) -> Work:
    """A fresh vocabulary, as at the start of a run."""
    nlp = engine_pipeline()
    return lambda: exhaust(nlp.make_doc(post.text) for post in case.posts)


def test_tokenise(benchmark: BenchmarkFixture, case: Case) -> None:
    run(benchmark, prepare, case)
