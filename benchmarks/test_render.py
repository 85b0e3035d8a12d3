"""From findings to JSON Lines."""

from __future__ import annotations

import io

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.case import Case, Work
from benchmarks.timing import run
from detector.checked import Run
from detector.engine import Detector
from detector.reports import load

NAME = "render JSON Lines"


def prepare(case: Case) -> Work:
    """Posts are checked beforehand."""
    checked = list(Detector().examine(case.posts))
    return lambda: load("jsonl").render(checked, Run("0", "0", "default", "0", ""), io.BytesIO())


def test_render(benchmark: BenchmarkFixture, case: Case) -> None:
    run(benchmark, prepare, case)
