"""The memory curve of a long audit: `python -m benchmarks.memory --posts 10000000 --output reports/memory`.

Streams that many posts into `detector audit -` and samples the resident memory of it and of each worker into
`OUTPUT.csv`, drawn in `OUTPUT.svg`. Linux only (`/proc`). Posts are real ones where they are at hand, each time with
another id, author and day, and with a word that never stood before, so that every vocabulary grows as it would.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import BinaryIO

from benchmarks.case import read_posts
from benchmarks.processes import children, resident_bytes

TEXTS = 20_000
AUTHORS = 50_000
LETTERS = "bdfgklmnprstvz"
LIMIT = 500  # MiB for each process: what issue and README promise
SECONDS = 1.0


@dataclass(slots=True)
class Progress:
    """How far the feeding of posts has come."""

    posts: int = 0
    ended: bool = False
    started: float = field(default_factory=time.monotonic)


def main() -> None:
    """Run the audit, sample its memory, draw the curve, say how it went."""
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--posts", type=int, default=10_000_000)
    wanted.add_argument("--workers", type=int, default=1)
    wanted.add_argument("--seconds", type=float, default=float("inf"), help="stop feeding after so long")
    wanted.add_argument("--output", type=Path, default=Path("reports/memory"))
    given = wanted.parse_args()
    given.output.parent.mkdir(parents=True, exist_ok=True)
    samples = watch(given.posts, given.workers, given.seconds, given.output.with_suffix(".csv"))
    draw(samples, given.output.with_suffix(".svg"))
    print(summary(samples))


def watch(posts: int, workers: int, seconds: float, table: Path) -> list[tuple[float, int, str, float]]:
    """Feed the posts, and note (seconds, posts, process, MiB) now and then, in the CSV file too."""
    command = [sys.executable, "-m", "detector", "audit", "-", "--to", "jsonl", "--output", "/dev/null"]
    audit = subprocess.Popen([*command, "--workers", str(workers)], stdin=subprocess.PIPE)  # noqa: S603
    assert audit.stdin is not None
    progress, samples = Progress(), []
    feeder = threading.Thread(target=feed, args=(audit.stdin, progress, posts, seconds), daemon=True)
    feeder.start()
    with table.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("seconds", "posts", "process", "mebibytes"))
        while audit.poll() is None:
            for name, memory in processes(audit.pid):
                samples.append((round(time.monotonic() - progress.started, 1), progress.posts, name, round(memory, 1)))
                rows.writerow(samples[-1])
            file.flush()
            time.sleep(min(10.0, SECONDS + len(samples) / 500))  # rarer as the run gets longer
    return samples


def feed(pipe: BinaryIO, progress: Progress, posts: int, seconds: float) -> None:
    """Write posts into the audit's standard input until there are enough, or time is up."""
    with suppress(BrokenPipeError), pipe:
        for line in lines():
            if progress.posts >= posts or time.monotonic() - progress.started > seconds:
                break
            pipe.write(line)
            progress.posts += 1
    progress.ended = True


def lines() -> Iterator[bytes]:
    """Endless JSON Lines."""
    texts = [post.text for post in read_posts(TEXTS)]
    for number, text in enumerate(cycle(texts)):
        day = f"20{number // 400_000 % 20 + 10}-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}"
        post = {"id": f"p{number}", "text": f"{text} {new_word(number)}", "author": f"a{number * 7919 % AUTHORS}"}
        yield json.dumps(post | {"created": day}).encode() + b"\n"


def new_word(number: int) -> str:
    """A word that no other number has."""
    letters = []
    while True:
        number, digit = divmod(number, len(LETTERS))
        letters.append(LETTERS[digit] + "aeiou"[digit % 5])
        if not number:
            return "".join(letters)


def processes(parent: int) -> Iterator[tuple[str, float]]:
    """The audit and the processes below it, with their resident memory in MiB."""
    for name, process in [("audit", parent), *((f"worker {child}", child) for child in children(parent))]:
        if held := resident_bytes(process):
            yield name, held / 2**20


def draw(samples: list[tuple[float, int, str, float]], picture: Path) -> None:
    """One line a process: memory against posts."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3.2), layout="constrained")
    axes = figure.subplots()
    for name in dict.fromkeys(name for _, _, name, _ in samples):
        points = [(posts / 1e6, memory) for _, posts, each, memory in samples if each == name]
        axes.plot(*zip(*points, strict=True), label=name.split()[0], linewidth=1.2)
    axes.axhline(LIMIT, color="firebrick", linewidth=0.8, linestyle="--")
    axes.annotate(f"{LIMIT} MiB", (0, LIMIT), xytext=(2, -10), textcoords="offset points", color="firebrick")
    axes.set(xlabel="posts audited, millions", ylabel="resident memory, MiB", ylim=(0, LIMIT * 1.1))
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(picture, metadata={"Date": None})


def summary(samples: list[tuple[float, int, str, float]]) -> str:
    """The most that each process held, in the first and in the last tenth of the posts."""
    most = max(posts for _, posts, _, _ in samples)
    lines = [f"{most:,} posts in {samples[-1][0]:,.0f} s"]
    for name in dict.fromkeys(name for _, _, name, _ in samples):
        own = [(posts, memory) for _, posts, each, memory in samples if each == name]
        early = max((memory for posts, memory in own if posts <= most / 10), default=0)
        late = max((memory for posts, memory in own if posts >= most * 0.9), default=0)
        peak = max(memory for _, memory in own)
        lines.append(f"{name}: first tenth {early:.0f} MiB, last tenth {late:.0f} MiB, at most {peak:.0f} MiB")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
