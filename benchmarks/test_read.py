"""From JSON Lines to posts."""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.case import Case, Work, exhaust
from benchmarks.timing import run
from detector import readers

NAME = "read JSON Lines"


def prepare(case: Case) -> Work:
    """The reader that `detector audit` would choose."""
    return lambda: exhaust(readers.read([case.export]))


def test_read(benchmark: BenchmarkFixture, case: Case) -> None:
    run(benchmark, prepare, case)
