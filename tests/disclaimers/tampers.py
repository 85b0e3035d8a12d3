"""How many labelled tampers are found and called by their right name, as a table.

python tests/disclaimers/tampers.py 40000
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mutations import Mutant, mutants

from detector.pipeline.disclaimers import Disclaimers
from detector.reading import DisclaimerReading
from detector.registry import load_registry
from detector.view import make_view

PLATFORM = Path(__file__).parent / "platform"
SEED = 20261122
WHAT = ("made", "detected", "classed")


def counted(count: int) -> dict[str, Counter[str]]:
    """For each kind of tamper: how many, how many detected, how many classed right."""
    registry = load_registry([PLATFORM])
    component = Disclaimers(registry, ids=[entry.id for entry in registry])
    entries = [entry for entry in registry if entry.match == "altered"]
    found = {name: Counter[str]() for name in WHAT}
    for mutant in mutants(entries, count, seed=SEED):
        readings = component.predict(make_view(mutant.text))
        reading = next((each for each in readings if each.id == mutant.disclaimer), None)
        found["made"][mutant.label] += 1
        found["detected"][mutant.label] += is_detected(mutant, reading)
        found["classed"][mutant.label] += is_classed(mutant, reading)
    return found


def is_detected(mutant: Mutant, reading: DisclaimerReading | None) -> bool:
    return reading is not None and mutant.integrity <= set(reading.states)


def is_classed(mutant: Mutant, reading: DisclaimerReading | None) -> bool:
    if reading is None or not mutant.integrity <= set(reading.states):
        return False
    return any(
        edit.edit_class == mutant.edit_class and mutant.changes_meaning in (None, edit.changes_meaning)
        for edit in reading.edits
    )


def table(found: dict[str, Counter[str]]) -> Iterator[str]:
    """A line for each kind, and one for all."""
    yield f"{'tamper':26} {'made':>6} {'detected':>9} {'classed':>9}"
    for label, made in [*sorted(found["made"].items()), ("all", found["made"].total())]:
        parts = (found[what].total() if label == "all" else found[what][label] for what in WHAT[1:])
        yield f"{label:26} {made:6} " + " ".join(f"{part / made:9.2%}" for part in parts)


def main() -> None:
    """Print the table for as many tampers as asked (4,000)."""
    found = counted(int(sys.argv[1]) if len(sys.argv) > 1 else 4_000)
    print("\n".join(table(found)))  # noqa: T201


if __name__ == "__main__":
    main()
