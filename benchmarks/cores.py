"""What more cores give: posts a second end to end, by number of worker processes, against one process.

Wall-clock time of JSON Lines in and out with the default policy, in a fresh process each time. Starting is not timed:
a run's first posts are checked before the clock starts, so that every worker has loaded its model.
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import cycle, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.case import Case, make_case
from detector import readers
from detector.checked import Run
from detector.engine import Detector, cores, settle
from detector.post import Post
from detector.reports import load
from detector.reports.contract import Report

FIRST = 4_096  # posts: some batches for each worker


def lines(count: int, rounds: int) -> Iterator[str]:
    """A Markdown table: rounds alternate between the numbers of workers."""
    with TemporaryDirectory() as folder:
        case = make_case(Path(folder), count)
        taken: dict[int, list[float]] = {workers: [] for workers in range(1, cores() + 1)}
        for _ in range(rounds):
            for workers, seconds in taken.items():
                seconds.append(fresh_wall_seconds(case, workers))
    yield f"{count:,} posts, {rounds} rounds, wall-clock time after start, {cores()} cores"
    yield ""
    yield "| processes | posts a second (median) | times one process (median, least to most) |"
    yield "|---|---|---|"
    for workers, seconds in taken.items():
        gains = sorted(one / each for one, each in zip(taken[1], seconds, strict=True))
        rate = count / statistics.median(seconds)
        yield f"| {workers} | {rate:,.0f} | {statistics.median(gains):.2f} ({gains[0]:.2f} to {gains[-1]:.2f}) |"


def fresh_wall_seconds(case: Case, workers: int) -> float:
    """Seconds of one audit in a process of its own."""
    here, there = get_context("spawn").Pipe(duplex=False)
    process = get_context("spawn").Process(target=_send, args=(case, workers, there))
    process.start()
    there.close()
    try:
        return float(here.recv())
    finally:
        process.join()


def _send(case: Case, workers: int, answer: Connection) -> None:
    detector, report = Detector(), load("jsonl")
    settle()
    audit = partial(_audit, detector, report, workers)
    audit(islice(cycle(case.posts), FIRST))
    start = time.perf_counter()
    audit(post for post in readers.read([case.export]) if isinstance(post, Post))
    answer.send(time.perf_counter() - start)


def _audit(detector: Detector, report: Report, workers: int, posts: Iterable[Post]) -> None:
    outcome = Run("0", "0", "default", "0", "")
    checked = outcome.tally.watch(detector.examine(posts, workers=workers), clock=str)
    report.render(checked, outcome, io.BytesIO())
