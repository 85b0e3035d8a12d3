"""Print each stage's time as a ratio to bare tokenisation: `python -m benchmarks [POSTS] [ROUNDS]`.

Each round times every stage once, one after the other, so that a ratio compares moments close together.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.stages import YARDSTICK, prepare, read_posts, write_export


def main(count: int = 5_000, rounds: int = 5) -> None:
    """Measure processor time, print a Markdown table of medians with their spread."""
    posts = read_posts(count)
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "posts.jsonl"
        write_export(posts, export)
        stages = prepare(posts, export)
        seconds: dict[str, list[float]] = {name: [] for name in stages}
        for _ in range(rounds):
            for name, prepared in stages.items():
                work = prepared()
                start = time.process_time()
                work()
                seconds[name].append(time.process_time() - start)
    yardstick = seconds[YARDSTICK]
    print(f"{len(posts):,} posts, {rounds} rounds, processor time, one core\n")
    print("| stage | time against bare tokenisation (median, min to max) | posts a second |\n|---|---|---|")
    for name, times in seconds.items():
        ratios = [each / base for each, base in zip(times, yardstick, strict=True)]
        middle, rate = statistics.median(ratios), len(posts) / statistics.median(times)
        print(f"| {name} | {middle:.2f} ({min(ratios):.2f} to {max(ratios):.2f}) | {rate:,.0f} |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
