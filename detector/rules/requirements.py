"""What a policy asks of a post's disclaimers, before any rule speaks: adds `missing` and `misplaced`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import msgspec

from detector.dates import day_of
from detector.finding import Integrity, Severity
from detector.policy import DisclaimerPolicy
from detector.reading import DisclaimerReading, Reading
from detector.registry.dates import on_day
from detector.registry.placement import body_begin, misplaced
from detector.rules.recommendation import recommends
from detector.rules.rule import Context

ANY_STANDARD = "*"
NOT_THERE = frozenset({Integrity.QUOTED, Integrity.MISSING})
SEVERITIES = {
    Integrity.MISSING: Severity.WARNING,
    Integrity.QUOTED: Severity.WARNING,
    Integrity.CONCEALED: Severity.ERROR,
    Integrity.CONTRADICTED: Severity.ERROR,
    Integrity.ALTERED: Severity.WARNING,
    Integrity.TRUNCATED: Severity.WARNING,
    Integrity.OUTDATED: Severity.WARNING,
    Integrity.MISPLACED: Severity.NOTICE,
    Integrity.DUPLICATED: Severity.NOTICE,
}


def assess(reading: Reading, context: Context) -> Reading:
    """The reading with `misplaced` and `missing` disclaimers as the policy sees them."""
    demands = [demand for demand in context.policy.disclaimers if demand.applies_to(reading.post)]
    if not demands:
        return replace(reading, disclaimers=())
    known = (_prominent(each, reading) for each in reading.disclaimers)
    dated = (_as_of_the_post(each, reading, context) for each in known)
    found = tuple(_placed(each, reading, demands) for each in dated)
    return replace(reading, disclaimers=found + tuple(_missing(reading, found, demands, context)))


def _prominent(disclaimer: DisclaimerReading, reading: Reading) -> DisclaimerReading:
    """The same reading; what the export's own field `prominence` says of it stands instead of "not assessed"."""
    said = reading.post.extra.get("prominence")
    if said is None or said == "":
        return disclaimer
    note = disclaimer.note.replace("prominence not assessed", f"prominence according to the export: {said}")
    return replace(disclaimer, note=note)


def _as_of_the_post(disclaimer: DisclaimerReading, reading: Reading, context: Context) -> DisclaimerReading:
    """The same reading; a version that was in force when the post was made is not `outdated`."""
    day = day_of(reading.post.created) if Integrity.OUTDATED in disclaimer.states else None
    return on_day(disclaimer, context.registry[disclaimer.id], day) if day else disclaimer


def severity_of(disclaimer: DisclaimerReading, reading: Reading, context: Context) -> Severity | None:
    """How much that matters to the policy; None when no requirement speaks of it."""
    for demand in context.policy.disclaimers:
        if demand.applies_to(reading.post) and _satisfies(disclaimer, demand):
            word = demand.severity.get(disclaimer.integrity)
            return Severity[word.upper()] if word else _default_severity(disclaimer)
    return None


def _default_severity(disclaimer: DisclaimerReading) -> Severity | None:
    if any(edit.changes_meaning for edit in disclaimer.edits):
        return Severity.ERROR
    return SEVERITIES.get(disclaimer.integrity)


def _satisfies(disclaimer: DisclaimerReading, demand: DisclaimerPolicy) -> bool:
    return disclaimer.standard and (disclaimer.id in demand.ids or ANY_STANDARD in demand.ids)


def _missing(
    reading: Reading, found: Sequence[DisclaimerReading], demands: Sequence[DisclaimerPolicy], context: Context
) -> Iterator[DisclaimerReading]:
    """One `missing` for the first requirement that nothing in the post meets."""
    for demand in demands:
        due = demand.when == "always" or (demand.when == "recommendation" and recommends(reading, context))
        met = any(_satisfies(each, demand) and each.integrity not in NOT_THERE for each in found)
        if due and not met:
            end = len(reading.source)
            yield DisclaimerReading(_wanted_id(demand), Integrity.MISSING, end, end, states=(Integrity.MISSING,))
            return


def _wanted_id(demand: DisclaimerPolicy) -> str:
    return next((name for name in demand.ids if name != ANY_STANDARD), "")


def _begin(reading: Reading) -> int:
    """Where the text proper begins in the source."""
    return 0 if reading.post.title else body_begin(reading.post.regions)


def _placed(disclaimer: DisclaimerReading, reading: Reading, demands: Sequence[DisclaimerPolicy]) -> DisclaimerReading:
    """The same reading, `misplaced` too if a requirement's placement is not kept."""
    begin = _begin(reading)
    for demand in demands:
        if not _satisfies(disclaimer, demand) or disclaimer.start < begin:
            continue
        options = msgspec.structs.asdict(demand.placement)
        why = misplaced(reading.source[begin:], disclaimer.start - begin, disclaimer.end - begin, **options)
        if why is not None:
            states = (*disclaimer.states, Integrity.MISPLACED)
            worst = max(states, key=lambda state: state.badness)
            note = "; ".join(filter(None, (why, disclaimer.note)))
            return replace(disclaimer, integrity=worst, states=states, note=note)
    return disclaimer
