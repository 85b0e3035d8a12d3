"""From tokens to what became of each disclaimer."""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.case import Case, Work
from benchmarks.components import component
from benchmarks.timing import run

NAME = "disclaimers"


def prepare(case: Case) -> Work:
    """On docs that have been through the components before it."""
    return component("disclaimers", case.posts)


def test_disclaimers(benchmark: BenchmarkFixture, case: Case) -> None:
    run(benchmark, prepare, case)
