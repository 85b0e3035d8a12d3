"""Half an hour of steady, mixed load on a real server: does anything grow?

python -m benchmarks.soak POSTS.jsonl [--minutes 30] [--rate 60] [--output reports/soak]

POSTS.jsonl holds an object with `text` a line. Requests come at random times (a Poisson process), whether earlier ones
were answered or not, through five protocols, and each post holds a word that never stood before, so that every
vocabulary grows as it would. The service keeps texts in a SQLite store. Every ten seconds a line goes to `OUTPUT.csv`,
which is drawn in `OUTPUT.svg`. Linux only (`/proc`).
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import hashlib
import hmac
import itertools
import json
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from benchmarks.load import memory, processor, server
from benchmarks.memory import new_word
from benchmarks.processes import children

EVERY = 10.0
SECRET = "a-secret-for-the-soak"  # noqa: S105 (of a server that lives as long as this run)
COLUMNS = ("seconds", "answered", "refused", "failed", "p50_ms", "p99_ms", "server_mb", "engines_mb", "descriptors")
COLUMNS += ("threads", "processor_s", "store_mb")


@dataclass(slots=True)
class Tally:
    """What came back since the last line."""

    milliseconds: list[float] = field(default_factory=list)
    refused: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """One request."""

    path: str
    body: bytes
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "application/json"})


def main() -> None:
    """Start a server, drive it, watch it, draw it."""
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("posts", type=Path)
    wanted.add_argument("--minutes", type=float, default=30)
    wanted.add_argument("--rate", type=float, default=60, help="requests a second")
    wanted.add_argument("--output", type=Path, default=Path("reports/soak"))
    given = wanted.parse_args()
    given.output.parent.mkdir(parents=True, exist_ok=True)
    texts = [json.loads(line)["text"] for line in given.posts.read_text(encoding="utf-8").splitlines()]
    table = given.output.with_suffix(".csv")
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store.db"
        settings = {"DETECTOR_SERVICE_STORE__URL": f"sqlite:///{store}", "DETECTOR_SERVICE_STORE__KEEP_TEXT": "true"}
        with server(DETECTOR_SERVICE_CORAL_PHASE__SECRETS=SECRET, **settings) as (url, pid):
            asyncio.run(soak(url, pid, calls(texts), table=table, given=given, store=store))
    rows = read_rows(table)
    draw(rows, given.output.with_suffix(".svg"))
    print(summary(rows))


def calls(texts: list[str]) -> Iterator[Call]:
    """Endless requests: mostly single posts to our own protocol, then batches and the other protocols."""
    numbers = itertools.count()
    chance = random.Random(6)  # noqa: S311 (a load)

    def post() -> dict[str, Any]:
        number = next(numbers)
        return {"id": f"p{number}", "text": f"{chance.choice(texts)} {new_word(number)}", "author": f"a{number % 997}"}

    while True:
        match chance.choices(("one", "batch", "perspective", "openai", "coral", "fixes"), (60, 4, 16, 10, 9, 1))[0]:
            case "one":
                yield Call("/v1/check", json.dumps(post()).encode())
            case "batch":
                yield Call("/v1/check", json.dumps({"posts": [post() for _ in range(8)]}).encode())
            case "fixes":
                yield Call("/v1/check", json.dumps(post() | {"fixes": True}).encode())
            case "perspective":
                asked = {"comment": {"text": post()["text"]}, "requestedAttributes": {"FINANCIAL_ADVICE": {}}}
                yield Call("/v1alpha1/comments:analyze", json.dumps(asked).encode())
            case "openai":
                yield Call("/v1/moderations", json.dumps({"input": post()["text"]}).encode())
            case _:
                yield coral(post())


def coral(post: dict[str, Any]) -> Call:
    """A comment as Coral sends it, signed."""
    body = {
        "action": "NEW",
        "comment": {"body": post["text"], "parentID": None},
        "author": {"id": post["author"], "role": "COMMENTER", "status": "NONE"},
        "story": {"id": "story", "url": "https://forum.example/story"},
        "site": {"id": "site"},
        "tenantID": "tenant",
        "tenantDomain": "forum.example",
    }
    content = json.dumps(body).encode()
    signature = "sha256=" + hmac.new(SECRET.encode(), content, hashlib.sha256).hexdigest()
    return Call("/coral/moderation", content, {"content-type": "application/json", "x-coral-signature": signature})


async def soak(
    url: str, pid: int, wanted: Iterator[Call], *, table: Path, given: argparse.Namespace, store: Path
) -> None:
    """Send for so long, with a line for every ten seconds."""
    started = time.monotonic()
    end = started + given.minutes * 60
    tally, running = Tally(), set[asyncio.Task[None]]()
    gaps = random.Random(7)  # noqa: S311
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
    async with httpx.AsyncClient(base_url=url, timeout=30, limits=limits) as client:
        with table.open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(COLUMNS)
            due, line_due = started, started + EVERY
            while max(due, time.monotonic()) < end:  # on a starved machine, what is due is not made up for
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                task = asyncio.create_task(send(client, next(wanted), tally))
                running.add(task)
                task.add_done_callback(running.discard)
                due += gaps.expovariate(given.rate)
                if time.monotonic() >= line_due:
                    line_due += EVERY
                    await client.get("/metrics")
                    rows.writerow(line(tally, pid, seconds=time.monotonic() - started, store=store))
                    file.flush()
                    tally.milliseconds.clear()
                    tally.refused = tally.failed = 0
            await asyncio.gather(*running)


async def send(client: httpx.AsyncClient, call: Call, tally: Tally) -> None:
    """One request, as a client waits for it."""
    started = time.perf_counter()
    try:
        answer = await client.post(call.path, content=call.body, headers=call.headers)
    except httpx.HTTPError:
        tally.failed += 1
        return
    if answer.status_code in {200, 204}:
        tally.milliseconds.append(1000 * (time.perf_counter() - started))
    elif answer.status_code == 400 and b"LANGUAGE_NOT_SUPPORTED" in answer.content:
        tally.milliseconds.append(1000 * (time.perf_counter() - started))  # Perspective's own answer to such a post
    elif answer.status_code in {429, 503}:
        tally.refused += 1
    else:
        tally.failed += 1


def line(tally: Tally, pid: int, *, seconds: float, store: Path) -> tuple[float, ...]:
    """One row of the table."""
    engines = children(pid)
    everyone = (pid, *engines)
    waited = sorted(tally.milliseconds) or [0.0]
    return (
        round(seconds, 1),
        len(tally.milliseconds),
        tally.refused,
        tally.failed,
        round(waited[len(waited) // 2], 2),
        round(waited[int(len(waited) * 0.99)], 2),
        round(memory(pid), 1),
        round(sum(map(memory, engines)), 1),
        sum(len(list(Path(f"/proc/{each}/fd").iterdir())) for each in everyone),
        sum(len(list(Path(f"/proc/{each}/task").iterdir())) for each in everyone),
        round(processor(pid), 1),
        round(sum(path.stat().st_size for path in store.parent.iterdir()) / 1e6, 1),
    )


def read_rows(table: Path) -> list[dict[str, float]]:
    """The table as numbers."""
    with table.open(newline="") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


def draw(rows: list[dict[str, float]], picture: Path) -> None:
    """Memory above, waiting times below."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.6), layout="constrained")
    above, below = figure.subplots(2, sharex=True)
    minutes = [row["seconds"] / 60 for row in rows]
    for name, label in (("server_mb", "server"), ("engines_mb", "engine")):
        above.plot(minutes, [row[name] for row in rows], label=label, linewidth=1.2)
    above.set(ylabel="resident memory, MB", ylim=(0, None))
    for name, label in (("p99_ms", "p99"), ("p50_ms", "p50")):
        below.plot(minutes, [row[name] for row in rows], label=label, linewidth=1.2)
    below.set(xlabel="minutes", ylabel="waiting time, ms", yscale="log")
    for axes in (above, below):
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, loc="upper right")
    figure.savefig(picture, metadata={"Date": None})


def summary(rows: list[dict[str, float]]) -> str:
    """Whether anything grew: the second sixth against the last."""
    sixth = max(1, len(rows) // 6)
    early, late = rows[sixth : 2 * sixth], rows[-sixth:]

    def mean(part: list[dict[str, float]], name: str) -> float:
        return sum(row[name] for row in part) / len(part)

    def middle(name: str) -> float:
        return sorted(row[name] for row in rows)[len(rows) // 2]

    total = {name: int(sum(row[name] for row in rows)) for name in ("answered", "refused", "failed")}
    lines = [f"{total['answered']:,} answered, {total['refused']} refused, {total['failed']} failed"]
    lines += [f"in {rows[-1]['seconds'] / 60:.1f} min; p50 {middle('p50_ms'):.1f} ms, p99 {middle('p99_ms'):.1f} ms"]
    for name in ("server_mb", "engines_mb", "descriptors", "threads"):
        lines.append(f"{name}: second sixth {mean(early, name):.1f}, last sixth {mean(late, name):.1f}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
