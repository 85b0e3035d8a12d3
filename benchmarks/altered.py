"""How long an altered disclaimer takes, in process time: alone, and in a page if one is given.

python -m benchmarks.altered [PAGE]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import spacy

from detector.pipeline.disclaimers import Disclaimers
from detector.registry import load_registry
from detector.view import make_view

ROUNDS = 300
ONE_EDIT = (("This is not financial", "This is financial"),)
MANY_EDITS = (
    *ONE_EDIT,
    ("should not be regarded", "may not be considered"),
    ("solely", "simply"),
    ("accuracy", "acuracy"),
    ("investors should do their own research and", "and our group knows best, and investors"),
)


def taken(work: Callable[[], object]) -> list[float]:
    """Milliseconds of each round."""
    times: list[float] = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        times.append(1_000 * (time.process_time() - began))
    return times


def line(name: str, source: str, edits: tuple[tuple[str, str], ...]) -> str:
    """The best and the median round, beside spaCy tokenising the same text in the same run."""
    for old, new in edits:
        source = source.replace(old, new, 1)
    view, component, nlp = make_view(source), Disclaimers(load_registry()), spacy.blank("en")
    (reading,) = component.predict(view)
    nlp.make_doc(view.text)  # its words are known from here on
    reads, tokenising = taken(lambda: component.predict(view)), taken(lambda: nlp.make_doc(view.text))
    return (
        f"{name:26} {len(reading.edits)} edits: best {min(reads):.2f} ms, median {median(reads):.2f} ms; "
        f"tokenising {min(tokenising):.2f} ms at best"
    )


def main() -> None:
    """Print a line for each text."""
    texts = {"the registered text alone": load_registry()["ttm-community"].wording}
    texts |= {Path(name).name[:26]: Path(name).read_text(encoding="utf-8") for name in sys.argv[1:]}
    for name, text in texts.items():
        for edits in (ONE_EDIT, MANY_EDITS):
            print(line(name, text, edits))


if __name__ == "__main__":
    main()
