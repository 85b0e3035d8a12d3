"""Timing a stage: the preparation is not timed, the work is."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.case import Case, Work
from detector.processes import settle

ROUNDS = 3


def seconds(work: Work) -> float:
    """Processor seconds of the work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def warm_seconds(prepare: Callable[[Case], Work], case: Case) -> float:
    """The same in this process, where later rounds know the words: steadier, for comparing one version with another."""
    return seconds(prepare(case))


def fresh_seconds(prepare: Callable[[Case], Work], case: Case) -> float:
    """The same in a process of its own, for which every word is new, as in a run that has just begun.

    What one round has learnt of the posts' words would else make the next one faster than any run can be.
    """
    here, there = get_context("fork").Pipe(duplex=False)
    process = get_context("fork").Process(target=_send_seconds, args=(prepare, case, there))
    process.start()
    there.close()
    try:
        return float(here.recv())
    finally:
        process.join()


def _send_seconds(prepare: Callable[[Case], Work], case: Case, answer: Connection) -> None:
    work = prepare(case)
    gc.collect()
    settle()  # as `detector audit` does
    answer.send(seconds(work))


def run(benchmark: BenchmarkFixture, prepare: Callable[[Case], Work], case: Case) -> None:
    """Time a stage with pytest-benchmark; each round is prepared anew."""
    benchmark.extra_info["posts"] = len(case.posts)
    assert benchmark.pedantic(lambda work: work() or True, setup=lambda: ((prepare(case),), {}), rounds=ROUNDS)
