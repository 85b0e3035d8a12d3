"""Every stage's time as a ratio to bare tokenisation, stage by stage within each round."""

from __future__ import annotations

import re
import statistics
import tempfile
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from benchmarks.case import ROOT, Case, Work, make_case
from benchmarks.timing import fresh_seconds

YARDSTICK = "bare spaCy tokenisation"
ORDER = (
    "bare_tokens", "read", "view", "tokenise", "disclaimers", "passages", "recommendations", "rules", "render",
    "engine", "end_to_end",
)  # fmt: skip
BLOCK = re.compile(r"(<!-- measured by `python -m benchmarks table --write` -->\n).*?(<!-- end -->)", re.DOTALL)
WRITTEN = ("README.md", "CHANGELOG.md")


def stages() -> list[ModuleType]:
    """The stages in the order of the data; a file that is not in the order is an error."""
    files = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    if files != set(ORDER):
        raise LookupError(f"benchmarks/table.py orders other stages than there are: {sorted(files ^ set(ORDER))}")
    return [import_module(f"benchmarks.test_{name}") for name in ORDER]


def measure(
    case: Case, rounds: int, *, taking: Callable[[Callable[[Case], Work], Case], float] = fresh_seconds
) -> dict[str, list[float]]:
    """Processor seconds of each stage in each round, each in a fresh process; ratios compare moments close together."""
    taken: dict[str, list[float]] = {stage.NAME: [] for stage in stages()}
    for _ in range(rounds):
        for stage in stages():
            taken[stage.NAME].append(taking(stage.prepare, case))
    return taken


def ratios(taken: dict[str, list[float]]) -> dict[str, list[float]]:
    """Each stage's time against the yardstick's of the same round."""
    yardstick = taken[YARDSTICK]
    return {name: [one / base for one, base in zip(times, yardstick, strict=True)] for name, times in taken.items()}


def table(count: int, rounds: int) -> Iterator[str]:
    """A Markdown table: median ratio with its spread, and posts a second."""
    with tempfile.TemporaryDirectory() as folder:
        taken = measure(make_case(Path(folder), count), rounds)
    yield f"{count:,} posts, {rounds} rounds, each stage in a fresh process, processor time, one core"
    yield ""
    yield "| stage | time against bare tokenisation (median, min to max) | posts a second |"
    yield "|---|---|---|"
    for name, each in ratios(taken).items():
        rate = count / statistics.median(taken[name])
        yield f"| {name} | {statistics.median(each):.2f} ({min(each):.2f} to {max(each):.2f}) | {rate:,.0f} |"


def write(lines: list[str]) -> None:
    """Put the table where README and change log show it."""
    for name in WRITTEN:
        path = ROOT / name
        text = path.read_text(encoding="utf-8")
        path.write_text(BLOCK.sub(lambda block: f"{block[1]}{chr(10).join(lines)}\n{block[2]}", text), encoding="utf-8")
