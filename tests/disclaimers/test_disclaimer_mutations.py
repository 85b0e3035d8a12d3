"""Thousands of labelled tampers: found, and called by their right name.

`python tests/disclaimers/tampers.py 40000` makes more and prints the table.
"""

from collections import Counter

import pytest
from mutations import TAMPERS
from tampers import counted

COUNT = 4_000
REQUIRED = 0.99


@pytest.fixture(scope="module")
def counts() -> dict[str, Counter[str]]:
    return counted(COUNT)


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
