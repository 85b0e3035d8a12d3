"""The hook's case: one short post after the other inside a process, beside bare spaCy tokenisation of the same post."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np
import spacy

from benchmarks.case import read_posts
from detector.engine import Detector

SHORTEST, LONGEST = 20, 200  # characters of a short post
SHARE = 4  # one post in so many is short, at least


def milliseconds(work: Callable[[str], object], texts: list[str]) -> list[float]:
    """What each text takes on the clock."""
    taken = []
    for text in texts:
        start = time.perf_counter()
        work(text)
        taken.append(1000 * (time.perf_counter() - start))
    return taken


def lines(count: int, rounds: int) -> Iterator[str]:
    """A line for each round; half of the posts are read before, so that the process is warm, as a hook is."""
    short = (post.text for post in read_posts(2 * SHARE * count) if SHORTEST <= len(post.text) <= LONGEST)
    texts = list(islice(short, 2 * count))
    earlier, timed = texts[: len(texts) // 2], texts[len(texts) // 2 :]
    detector, tokenizer = Detector(), spacy.blank("en").tokenizer
    milliseconds(detector.check_text, earlier)
    milliseconds(tokenizer, earlier)
    gc.collect()
    yield f"{len(timed):,} posts of {SHORTEST} to {LONGEST} characters, one at a time, in milliseconds on the clock"
    for _ in range(rounds):
        for name, work in (("check_text", detector.check_text), ("bare tokenisation", tokenizer)):
            taken = milliseconds(work, timed)
            middle, high, higher = np.percentile(taken, [50, 95, 99])
            yield f"{name}: median {middle:.2f}, 95 in 100 within {high:.2f}, 99 within {higher:.2f}"
