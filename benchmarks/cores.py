"""What a second core brings: whole runs of `detector audit` in one process and in two, by turns."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.case import make_case


@dataclass(frozen=True, slots=True)
class Taken:
    """What one run took, start-up included: time on the clock, and processor time of all its processes."""

    seconds: float
    processor: float


def audit(export: Path, workers: int) -> Taken:
    """Run `detector audit` over the export, its report thrown away."""
    command = [sys.executable, "-m", "detector", "audit", str(export), "--to", "jsonl", "--output", os.devnull]
    before, start = _processor(), time.monotonic()
    subprocess.run([*command, "--workers", str(workers)], stderr=subprocess.DEVNULL, check=False)  # noqa: S603
    return Taken(time.monotonic() - start, _processor() - before)


def _processor() -> float:
    """Of processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def rounds(posts: int, most: int, minutes: float) -> Iterator[tuple[Taken, Taken]]:
    """One process, then two, round after round until there are enough or time is up; at least one round."""
    start = time.monotonic()
    with TemporaryDirectory() as folder:
        export = make_case(Path(folder), posts).export
        for number in range(most):
            if number and time.monotonic() - start > 60 * minutes * number / (number + 1):
                return
            yield audit(export, 1), audit(export, 2)


def lines(posts: int, most: int, minutes: float) -> Iterator[str]:
    """A line for each round, and what they say together.

    On a machine that does other things too, the clock says little; processor time says what two idle cores allow.
    """
    yield f"{posts:,} posts; load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    by_clock, allowed = [], []
    for one, two in rounds(posts, most, minutes):
        by_clock.append(one.seconds / two.seconds)
        allowed.append(2 * one.processor / two.processor)
        yield (
            f"one process {one.seconds:.1f} s (processor {one.processor:.1f} s), "
            f"two {two.seconds:.1f} s (processor {two.processor:.1f} s): {by_clock[-1]:.2f} times as fast"
        )
    for what, found in (("by the clock", by_clock), ("allowed by processor time", allowed)):
        yield f"{what}: {median(found):.2f} ({min(found):.2f} to {max(found):.2f})"
