"""From views to what became of each disclaimer."""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.case import Case, Work, exhaust
from benchmarks.components import stages_of
from benchmarks.timing import run

NAME = "disclaimers"


def prepare(case: Case) -> Work:
    """On ready views."""
    stages = stages_of(case.posts)
    return lambda: exhaust(map(stages.detector._disclaimers.predict, stages.views))


def test_disclaimers(benchmark: BenchmarkFixture, case: Case) -> None:
    run(benchmark, prepare, case)
