"""From tokens to passages and language."""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.case import Case, Work
from benchmarks.components import component
from benchmarks.timing import run

NAME = "passages"


def prepare(case: Case) -> Work:
    """On docs that have been through the components before it."""
    return component("passages", case.posts)


def test_passages(benchmark: BenchmarkFixture, case: Case) -> None:
    run(benchmark, prepare, case)
