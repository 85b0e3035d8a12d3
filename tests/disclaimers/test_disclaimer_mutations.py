"""Tens of thousands of labelled tampers: found, and called by their right name.

A few thousand run by default; `DISCLAIMER_MUTANTS=50000 pytest tests/disclaimers/test_disclaimer_mutations.py -s`
runs more and prints the table.
"""

import os
from collections import Counter
from pathlib import Path

import pytest
from mutations import TAMPERS, Mutant, mutants

from detector.pipeline.disclaimers import Disclaimers
from detector.reading import DisclaimerReading
from detector.registry import load_registry
from detector.view import make_view

PLATFORM = Path(__file__).parent / "platform"
COUNT = int(os.environ.get("DISCLAIMER_MUTANTS", "4000"))
REQUIRED = 0.99


@pytest.fixture(scope="module")
def counts() -> dict[str, Counter[str]]:
    """For each kind of tamper: how many, how many detected, how many classed right."""
    registry = load_registry([PLATFORM])
    component = Disclaimers(registry, ids=[entry.id for entry in registry])
    entries = [entry for entry in registry if entry.match == "altered"]
    found = {name: Counter[str]() for name in ("made", "detected", "classed")}
    for mutant in mutants(entries, COUNT, seed=20261122):
        readings = component.predict(make_view(mutant.text))
        reading = next((each for each in readings if each.id == mutant.disclaimer), None)
        found["made"][mutant.label] += 1
        found["detected"][mutant.label] += is_detected(mutant, reading)
        found["classed"][mutant.label] += is_classed(mutant, reading)
    for label, made in sorted(found["made"].items()):
        shares = (f"{name} {found[name][label] / made:.4f}" for name in ("detected", "classed"))
        print(f"{label:26} {made:6} {' '.join(shares)}")  # noqa: T201
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


def test_every_kind_of_tamper_is_made(counts: dict[str, Counter[str]]) -> None:
    assert set(counts["made"]) == {tamper[0] for tamper in TAMPERS}
    assert min(counts["made"].values()) >= COUNT // 100


@pytest.mark.parametrize("what", ["detected", "classed"])
def test_tampers_are_detected_and_classed(counts: dict[str, Counter[str]], what: str) -> None:
    assert counts[what].total() / counts["made"].total() >= REQUIRED


@pytest.mark.parametrize("label", [tamper[0] for tamper in TAMPERS])
def test_no_kind_of_tamper_is_weak(counts: dict[str, Counter[str]], label: str) -> None:
    made = counts["made"][label]
    assert counts["detected"][label] / made >= REQUIRED
    assert counts["classed"][label] / made >= REQUIRED
