"""What `detector audit export.jsonl --to jsonl` does after start-up, on one core."""

from __future__ import annotations

import io

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.case import Case, Work
from benchmarks.timing import run
from detector import readers
from detector.checked import Run
from detector.engine import Detector
from detector.post import Post
from detector.reports import load

NAME = "end to end (JSON Lines in and out)"


def prepare(case: Case) -> Work:
    """Default policy."""
    detector, outcome = Detector(), Run("0", "0", "default", "0", "")
    posts = (record for record in readers.read([case.export]) if isinstance(record, Post))
    checked = outcome.tally.watch(detector.examine(posts), clock=str)
    return lambda: load("jsonl").render(checked, outcome, io.BytesIO())


def test_end_to_end(benchmark: BenchmarkFixture, case: Case) -> None:
    run(benchmark, prepare, case)
