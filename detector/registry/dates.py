"""Which version of a disclaimer was right on the day of a post."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from detector.finding import Fix, Integrity
from detector.reading import DisclaimerReading
from detector.registry.entry import Disclaimer


def on_day(reading: DisclaimerReading, entry: Disclaimer, day: date) -> DisclaimerReading:
    """The reading as of `day`: a version that was in force then is not `outdated`."""
    if Integrity.OUTDATED not in reading.states or entry.version_on(day).name != reading.version:
        return reading
    states = tuple(state for state in reading.states if state is not Integrity.OUTDATED) or (Integrity.INTACT,)
    return replace(reading, states=states, integrity=max(states, key=lambda state: state.badness), fix=_fix(reading))


def _fix(reading: DisclaimerReading) -> Fix | None:
    """The fix would put a later version in, unless the words were changed too."""
    return reading.fix if reading.edits else None
