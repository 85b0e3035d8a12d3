"""Has a stage become slower? Ratios to bare tokenisation on the shipped example, against those kept beside this."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from benchmarks.case import make_case
from benchmarks.table import YARDSTICK, measure
from benchmarks.timing import warm_seconds

KEPT = Path(__file__).with_name("ratios.json")
ALLOWED = 1.25
LEAST = 0.05  # of bare tokenisation: below it a ratio is mostly noise, so that is what is compared at least
TRIES = 4  # a busy machine gets another chance; a slower stage stays slower


def best_ratios(posts: int, rounds: int) -> dict[str, float]:
    """The least time of each stage over the least of the yardstick: noise only ever adds."""
    with tempfile.TemporaryDirectory() as folder:
        taken = measure(make_case(Path(folder), posts, public=False), rounds, taking=warm_seconds)
    base = min(taken[YARDSTICK])
    return {name: round(min(times) / base, 3) for name, times in taken.items() if name != YARDSTICK}


def update(posts: int, rounds: int) -> None:
    """Keep today's ratios: the least of as many tries as the check has."""
    tries = [best_ratios(posts, rounds) for _ in range(TRIES)]
    least = {name: min(each[name] for each in tries) for name in tries[0]}
    KEPT.write_text(json.dumps(least, indent=1) + "\n", encoding="utf-8")


def slower(posts: int, rounds: int) -> list[str]:
    """A line for every stage that was over its limit in every try."""
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    limit = {name: max(ratio, LEAST) * ALLOWED for name, ratio in kept.items()}
    found = {name: float("inf") for name in kept}
    for _ in range(TRIES):
        now = best_ratios(posts, rounds)
        found = {name: min(ratio, now[name]) for name, ratio in found.items()}
        over = [name for name, ratio in found.items() if ratio > limit[name]]
        if not over:
            return []
    return [
        f"{name}: {found[name]:.2f} of bare tokenisation, was {kept[name]:.2f} (limit {limit[name]:.2f})"
        for name in over
    ]
