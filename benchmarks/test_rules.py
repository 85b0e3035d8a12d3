"""From readings to findings."""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.case import Case, Work, exhaust
from benchmarks.timing import run
from detector.engine import Detector

NAME = "rules"


def prepare(case: Case) -> Work:
    """Readings are made beforehand."""
    detector = Detector()
    readings = list(detector.readings(case.posts))
    return lambda: exhaust(map(detector._conclude, readings))


def test_rules(benchmark: BenchmarkFixture, case: Case) -> None:
    run(benchmark, prepare, case)
