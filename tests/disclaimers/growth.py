"""How the time of some work grows with its size."""

import math
import time
from collections.abc import Callable, Sequence

LEAST = 0.02  # seconds of process time that a measurement takes at least


def seconds(work: Callable[[], object]) -> float:
    """Process time of one call: other programs on the machine do not count."""
    calls, start = 0, time.process_time()
    while (taken := time.process_time() - start) < LEAST:
        work()
        calls += 1
    return taken / calls


def fastest(work: Callable[[], object], *, calls: int = 200) -> float:
    """Process time of the fastest call: what it takes when nothing else uses the caches."""
    times = []
    for _ in range(calls):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def exponent(sizes: Sequence[int], times: Sequence[float]) -> float:
    """The slope of a straight line through the logarithms: 1 for linear growth, 2 for quadratic."""
    xs, ys = [math.log(size) for size in sizes], [math.log(taken) for taken in times]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True)) / sum(
        (x - middle_x) ** 2 for x in xs
    )
