"""From views and disclaimers to passages and language."""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.case import Case, Work, exhaust
from benchmarks.components import stages_of
from benchmarks.timing import run
from detector.pipeline.language import detect_language

NAME = "passages"


def prepare(case: Case) -> Work:
    """On ready views and disclaimers."""
    stages = stages_of(case.posts)
    return lambda: (stages.passages(), exhaust(detect_language(view.text) for view in stages.views))


def test_passages(benchmark: BenchmarkFixture, case: Case) -> None:
    run(benchmark, prepare, case)
