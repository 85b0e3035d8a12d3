"""How time grows with size: exponents fitted over three decades, of plain and of hostile texts.

An exponent of 1 is linear. Small sizes are dominated by what every post costs, which makes it smaller.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.case import exhaust, make_case
from detector.engine import Detector
from detector.policy import load_policy

SENTENCES = "I sold half of it in May and waited. You should wait for the pullback to 180 before you buy. Why not? "
HALF = "This is not financial advice, the above content should "
TEXTS: dict[str, Callable[[int], str]] = {
    "sentences": lambda size: (SENTENCES * (size // len(SENTENCES) + 1))[:size],
    "one endless line": lambda size: ("buy the dip and hold " * (size // 21 + 1))[:size],
    "no spaces": lambda size: ("buythedip" * (size // 9 + 1))[:size],
    "one letter": lambda size: "a" * size,
    "only emoji": lambda size: "\U0001f680\U0001f48e" * (size // 2),
    "nested quotes": lambda size: "".join(">" * min(depth, 400) + " buy\n" for depth in range(size // 150 + 2))[:size],
    "dollars and dots": lambda size: "$.b.u.y " * (size // 8),
    "open brackets": lambda size: "[(*_`<" * (size // 6),
    "half a disclaimer": lambda size: (HALF * (size // len(HALF) + 1))[:size],
}
LENGTHS = (1_000, 10_000, 100_000, 1_000_000)
POSTS = (100, 1_000, 10_000)
REGISTERED = (10, 100, 1_000)
ENTRY = """id = "made-{number}"
title = "Made {number}"
jurisdiction = "XX"
language = "en"

[source]
name = "benchmarks/growth.py"
date = 2026-01-01
confidence = "primary"

[[versions]]
name = "first"

[versions.variants.full]
wording = "Notice {word} of house {word}: trading of type {word} carries risk {word} that you alone bear."

[[examples]]
text = "Options are risky."
integrity = "missing"
"""


def exponent(sizes: Sequence[int], taken: Sequence[float]) -> float:
    """The slope of log time over log size."""
    return float(np.polyfit(np.log(sizes), np.log(taken), 1)[0])


def by_length(lengths: Sequence[int] = LENGTHS) -> Iterator[tuple[str, list[float], float]]:
    """For each kind of text: seconds by length, and the exponent."""
    detector = Detector()
    detector.check_text("warm up")
    for name, make in TEXTS.items():
        taken = [_least(partial(detector.check_text, make(length))) for length in lengths]
        yield name, taken, exponent(lengths, taken)


def by_posts(counts: Sequence[int] = POSTS) -> tuple[list[float], float]:
    """Seconds by number of posts, and the exponent."""
    detector = Detector()
    with TemporaryDirectory() as folder:
        posts = make_case(Path(folder), max(counts)).posts
    taken = [_least(lambda part=posts[:count]: exhaust(detector.examine(part))) for count in counts]
    return taken, exponent(counts, taken)


def by_disclaimers(counts: Sequence[int] = REGISTERED, *, posts: int = 300) -> tuple[list[float], float]:
    """Seconds by number of registered disclaimers beside the shipped ones, and the exponent."""
    taken = []
    with TemporaryDirectory() as folder:
        texts = make_case(Path(folder), posts).posts
    for count in counts:
        with TemporaryDirectory() as folder:
            detector = Detector(_policy(Path(folder), count))
            taken.append(_least(lambda one=detector: exhaust(one.examine(texts))))
    return taken, exponent(counts, taken)


def _policy(folder: Path, count: int) -> Path:
    """A policy whose platform has registered so many texts of its own."""
    (folder / "disclaimers").mkdir()
    for number in range(count):
        word = "".join(chr(97 + int(digit)) for digit in f"{number:04}")
        entry = ENTRY.format(number=number, word=word)
        (folder / "disclaimers" / f"made-{number}.toml").write_text(entry, encoding="utf-8")
    (folder / "policy.toml").write_text(default_policy(), encoding="utf-8")
    return folder


def default_policy() -> str:
    """The default policy's own words."""
    return Path(load_policy("default").path).read_text(encoding="utf-8")


def _least(work: Callable[[], object], *, rounds: int = 2) -> float:
    """The least processor seconds of a few rounds: what disturbs only ever adds."""
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return max(min(taken), 1e-6)


def lines() -> Iterator[str]:
    """Markdown tables of all three."""
    yield "| text | " + " | ".join(f"{length:,} characters" for length in LENGTHS) + " | exponent |"
    yield "|---|" + "---|" * (len(LENGTHS) + 1)
    for name, taken, slope in by_length():
        yield f"| {name} | " + " | ".join(f"{one * 1e3:,.1f} ms" for one in taken) + f" | {slope:.2f} |"
    for what, sizes, (taken, slope) in (("posts", POSTS, by_posts()), ("disclaimers", REGISTERED, by_disclaimers())):
        shown = ", ".join(f"{size:,}: {one * 1e3:,.0f} ms" for size, one in zip(sizes, taken, strict=True))
        yield f"\n{what}: {shown}; exponent {slope:.2f}"
