"""From posts to findings."""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.case import Case, Work, exhaust
from benchmarks.timing import run
from detector.engine import Detector

NAME = "engine (posts in, findings out)"


def prepare(case: Case) -> Work:
    """The whole engine on one core."""
    detector = Detector()
    return lambda: exhaust(detector.examine(case.posts))


def test_engine(benchmark: BenchmarkFixture, case: Case) -> None:
    run(benchmark, prepare, case)
