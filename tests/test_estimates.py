"""Intervals that hold what they promise."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.estimates import Estimate, Stratum, interval, recall, total


@st.composite
def strata(draw: st.DrawFn) -> Stratum:
    size = draw(st.integers(1, 5_000))
    read = draw(st.integers(0, min(size, 200)))
    return Stratum(size, read, draw(st.integers(0, read)))


@given(st.lists(strata(), min_size=1, max_size=5))
def test_the_interval_holds_the_value_and_what_was_seen(parts: list[Stratum]) -> None:
    found = total(parts)
    seen = sum(part.hits for part in parts)
    assert seen <= found.low <= found.high <= sum(part.size - part.read + part.hits for part in parts)
    if all(part.read for part in parts):
        assert found.low <= found.value + 1e-6
        assert found.value <= found.high + 1e-6


@pytest.mark.parametrize(
    ("stratum", "low", "high"),
    [
        (Stratum(10, 10, 3), 3, 3),  # all read
        (Stratum(1000, 0, 0), 0, 1000),  # nothing read
        (Stratum(10_000_000, 100, 0), 0, 362_160),  # Clopper-Pearson's 3.62 % of a large population
        (Stratum(10_000_000, 100, 10), 490_050, 1_762_220),  # and 4.90 % to 17.62 %
    ],
)
def test_known_intervals(stratum: Stratum, low: float, high: float) -> None:
    found = interval(stratum)
    assert (found.low, found.high) == (pytest.approx(low, rel=1e-3), pytest.approx(high, rel=1e-3))


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    choose = random.Random(7)  # noqa: S311
    plan = [(20_000, 4, 100), (5_000, 10, 100), (1_500, 30, 100), (300, 40, 100)]
    truth, rounds, covered = 84, 300, 0
    for _ in range(rounds):
        draws = [(size, read, choose.sample(range(size), read), hits) for size, hits, read in plan]
        parts = [Stratum(size, read, sum(each < hits for each in drawn)) for size, read, drawn, hits in draws]
        found = total(parts)
        covered += found.low <= truth <= found.high
    assert covered / rounds >= 0.93


def test_recall_is_on_the_safe_side() -> None:
    found = recall(Estimate(90, 80, 95), Estimate(10, 5, 40))
    assert (found.value, found.low, found.high) == (0.9, 80 / 120, 95 / 100)
    assert recall(Estimate(0, 0, 0), Estimate(0, 0, 0)).value == 0
