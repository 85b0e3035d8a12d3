"""Thresholds keep what they promise, on posts where the truth can be counted by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.calibration import Scored, calibrate
from detector.errors import ConfigError

# Ten posts of one passage each: the five most suspicious are recommendations but for the third.
LADDER = [Scored(n, 1 - n / 10, n in (0, 1, 3, 4)) for n in range(10)]


def test_precision_takes_the_lowest_threshold_that_keeps_it() -> None:
    chosen = calibrate(LADDER, 10, promise="precision", level=0.75)
    assert chosen.threshold == pytest.approx(0.6)
    assert chosen.precision.value == pytest.approx(0.8)
    assert chosen.recall.value == 1


def test_recall_takes_the_highest_threshold_that_keeps_it() -> None:
    chosen = calibrate(LADDER, 10, promise="recall", level=0.5)
    assert chosen.threshold == pytest.approx(0.9)
    assert chosen.recall.value == 0.5


def test_alerts_are_counted_per_thousand_posts() -> None:
    chosen = calibrate(LADDER, 10, promise="alerts", level=300)
    assert chosen.alerts.value == 300
    assert chosen.threshold == pytest.approx(0.8)


def test_what_cannot_be_promised_is_an_error_that_says_what_can() -> None:
    worst = [Scored(0, 0.9, is_recommendation=False), Scored(1, 0.5, is_recommendation=True)]
    with pytest.raises(ConfigError, match=r"best precision here: 0\.50"):
        calibrate(worst, 2, promise="precision", level=0.9)
    with pytest.raises(ConfigError, match="no recommendation"):
        calibrate(worst[:1], 1, promise="recall", level=0.5)


passages = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


@given(passages, st.floats(0.05, 1))
def test_promised_recall_is_always_kept(rows: list[tuple[float, bool]], level: float) -> None:
    scored = [Scored(n, probability, yes) for n, (probability, yes) in enumerate([*rows, (0.5, True)])]
    chosen = calibrate(scored, len(scored), promise="recall", level=level)
    found = sum(each.is_recommendation and each.probability >= chosen.threshold for each in scored)
    assert found / sum(each.is_recommendation for each in scored) >= level
