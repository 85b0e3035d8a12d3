"""Every post of a JSON Lines file that is said to carry a changed, denied or hidden disclaimer, to be read.

python -m benchmarks.quiet ../shared/data/pool.jsonl.gz
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from detector.finding import Integrity
from detector.pipeline.disclaimers import Disclaimers
from detector.reading import DisclaimerReading
from detector.registry import load_registry
from detector.view import make_view

HARMLESS = {Integrity.INTACT, Integrity.REFORMATTED, Integrity.QUOTED, Integrity.DUPLICATED}
AROUND = 150  # characters shown on either side


def changed(path: Path, counts: Counter[str]) -> Iterator[tuple[int, str, DisclaimerReading]]:
    """Record number, text and reading of all that fires; adds every state to `counts`."""
    registry = load_registry()
    component = Disclaimers(registry, ids=[entry.id for entry in registry])
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            counts["posts"] += 1
            text = json.loads(line)["text"]
            for reading in component.predict(make_view(text)):
                kind = "standard" if reading.standard else "folk"
                counts.update(f"{kind} {state}" for state in reading.states)
                if set(reading.states) - HARMLESS:
                    yield number, text, reading


def main() -> None:
    """Print what fires, then the counts."""
    if len(sys.argv) != len(("program", "file")):
        sys.exit((__doc__ or "").strip())
    counts: Counter[str] = Counter()
    fired: set[int] = set()
    for number, text, reading in changed(Path(sys.argv[1]), counts):
        fired.add(number)
        print(f"== {number} {reading.id} {', '.join(reading.states)}")
        print(text[max(0, reading.start - AROUND) : reading.end + AROUND])
        for edit in reading.edits:
            print(f"   {edit.edit_class}: {edit.expected!r} -> {edit.found!r}")
    posts = counts.pop("posts")
    print(f"{len(fired):,} of {posts:,} posts are said to carry a changed, denied or hidden disclaimer (shown above).")
    print("All readings by state: " + ", ".join(f"{state} {number:,}" for state, number in sorted(counts.items())))


if __name__ == "__main__":
    main()
