"""Timing a stage: the preparation is not timed, the work is."""

from __future__ import annotations

import time
from collections.abc import Callable

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.case import Case, Work

ROUNDS = 3


def seconds(work: Work) -> float:
    """Processor seconds of the work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def run(benchmark: BenchmarkFixture, prepare: Callable[[Case], Work], case: Case) -> None:
    """Time a stage with pytest-benchmark; each round is prepared anew."""
    benchmark.extra_info["posts"] = len(case.posts)
    assert benchmark.pedantic(lambda work: work() or True, setup=lambda: ((prepare(case),), {}), rounds=ROUNDS)
