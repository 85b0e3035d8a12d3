"""From posts to what a reader sees of them."""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.case import Case, Work, exhaust
from benchmarks.timing import run
from detector.reading import compose
from detector.view import make_view

NAME = "view"


def prepare(case: Case) -> Work:
    """Plain text, as most posts are."""
    return lambda: exhaust(make_view(compose(post)) for post in case.posts)


def test_view(benchmark: BenchmarkFixture, case: Case) -> None:
    run(benchmark, prepare, case)
