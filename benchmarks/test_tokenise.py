"""From views to tokens, with our own tokeniser."""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.case import Case, Work, exhaust
from benchmarks.timing import run
from detector.pipeline.tokens import read_tokens

NAME = "tokenise"


def prepare(case: Case) -> Work:
    """Without spaCy's `Doc`, as the engine does it."""
    return lambda: exhaust(read_tokens(post.text) for post in case.posts)


def test_tokenise(benchmark: BenchmarkFixture, case: Case) -> None:
    run(benchmark, prepare, case)
