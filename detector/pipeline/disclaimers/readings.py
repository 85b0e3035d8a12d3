"""From occurrences to readings: what became of each disclaimer in a text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from detector.finding import Edit, Fix, Integrity
from detector.pipeline.disclaimers.change import Change
from detector.pipeline.disclaimers.context import Span, denial_beside, denials, is_quoted, is_set_apart, quotations
from detector.pipeline.disclaimers.disguises import disguises, reversals, strikes
from detector.pipeline.disclaimers.find import Occurrence, find
from detector.pipeline.disclaimers.hidden import is_partly_hidden, unhidden
from detector.pipeline.disclaimers.index import Index
from detector.post import Region
from detector.reading import DisclaimerReading
from detector.registry.entry import SLOT
from detector.view import View

PRESENT = "presence verified; prominence not assessed"


@dataclass(frozen=True, slots=True)
class Judged:
    """An occurrence with its states, in the view it was found in."""

    occurrence: Occurrence
    view: View
    changes: tuple[Change, ...]
    marks: tuple[Edit, ...]
    states: frozenset[Integrity]
    denial: Span | None = None

    @property
    def edits(self) -> list[Edit]:
        """All of them, in source offsets."""
        return [*(_edit(change, self.view) for change in self.changes), *self.marks]

    @property
    def badness(self) -> int:
        """Of the worst state."""
        return max(state.badness for state in self.states)


def read_disclaimers(
    view: View, index: Index, reported: frozenset[str], regions: Iterable[Region] = ()
) -> tuple[DisclaimerReading, ...]:
    """One reading for each disclaimer in `reported` that stands in the text in some form."""
    seen = _judged(view, index, reported, regions)
    if view.hidden:
        seen = _with_hidden(seen, view, index, reported)
    readings = [_reading(judged) for judged in sorted(seen.values(), key=lambda same: same[0].occurrence.start)]
    return tuple(readings if len(readings) == 1 else (_with_rivals(each, readings) for each in readings))


def _with_rivals(reading: DisclaimerReading, readings: Sequence[DisclaimerReading]) -> DisclaimerReading:
    """The same reading; it names the disclaimers that the same words may be just as well."""
    rivals = [
        each.id for each in readings if each.id != reading.id and each.start < reading.end and reading.start < each.end
    ]
    if not rivals:
        return reading
    return replace(reading, note="; ".join(filter(None, (reading.note, f"may as well be {' or '.join(rivals)}"))))


def _judged(view: View, index: Index, reported: frozenset[str], regions: Iterable[Region]) -> dict[str, list[Judged]]:
    occurrences = [each for each in find(view.text, index) if each.pattern.entry.id in reported]
    by_id: dict[str, list[Judged]] = defaultdict(list)
    if not occurrences:
        return by_id
    quoted = quotations(view.text, regions)
    said = [(each.start, each.end) for each in occurrences]
    denied = {
        entry.id: denials(view.text, said, quoted, [re.compile(denial, re.IGNORECASE) for denial in entry.denials])
        for entry in {each.pattern.entry.id: each.pattern.entry for each in occurrences}.values()
    }
    for each in occurrences:
        entry = each.pattern.entry
        is_quote = is_quoted(view.text, each.start, each.end, quoted)
        is_quote = is_quote or is_set_apart(view.source, *view.span(each.start, each.end))
        denial = denial_beside(view.text, each.start, each.end, denied[entry.id]) if not is_quote else None
        by_id[entry.id].append(_judge(each, view, is_quote=is_quote, denial=denial))
    return {name: _own(same) for name, same in by_id.items()}


def _own(same: list[Judged]) -> list[Judged]:
    """Where the author says it too, quotations of it do not count; the worst comes first."""
    own = [judged for judged in same if Integrity.QUOTED not in judged.states]
    if len(own) > 1 and own[0].occurrence.pattern.entry.standard:
        own = [replace(judged, states=judged.states | {Integrity.DUPLICATED}) for judged in own]
    return sorted(own or same, key=lambda judged: -judged.badness)


def _judge(each: Occurrence, view: View, *, is_quote: bool, denial: Span | None) -> Judged:
    marks = (*strikes(each, view), *reversals(each, view))
    changes = each.changes + tuple(
        change
        for change in disguises(each, view)
        if not any(mark.start <= view.span(change.start, change.end)[0] < mark.end for mark in marks)
    )
    states: set[Integrity] = set()
    if each.is_cut:
        states.add(Integrity.TRUNCATED)
    if len(changes) + len(marks) > each.is_cut:
        states.add(Integrity.ALTERED)
    if not each.pattern.is_newest:
        states.add(Integrity.OUTDATED)
    if not states:
        states.add(Integrity.INTACT if _is_literal(each, view) else Integrity.REFORMATTED)
    if is_quote:
        states.add(Integrity.QUOTED)
    if denial is not None:
        states.add(Integrity.CONTRADICTED)
    return Judged(each, view, changes, marks, frozenset(states), denial)


def _is_literal(each: Occurrence, view: View) -> bool:
    start, end = view.span(each.start, each.end)
    return view.source[start:end] == each.pattern.entry.fill(each.pattern.words.text, each.values)


def _with_hidden(
    seen: dict[str, list[Judged]], view: View, index: Index, reported: frozenset[str]
) -> dict[str, list[Judged]]:
    """Add what stands only, or partly, where readers do not see it."""
    whole = unhidden(view)
    stretches = {(hidden.start, hidden.end) for hidden in view.hidden}
    for each in find(whole.text, index):
        name = each.pattern.entry.id
        if name not in reported or not is_partly_hidden(each, whole, stretches):
            continue
        judged = _judge(replace(each, pairs=()), whole, is_quote=False, denial=None)
        concealed = frozenset({Integrity.CONCEALED})
        if name not in seen:
            seen[name] = [
                replace(judged, states=concealed | (judged.states & {Integrity.ALTERED, Integrity.TRUNCATED}))
            ]
        elif seen[name][0].edits and each.score > seen[name][0].occurrence.score:
            seen[name][0] = replace(seen[name][0], states=seen[name][0].states | concealed)
    return seen


def _reading(same: Sequence[Judged]) -> DisclaimerReading:
    worst = same[0]
    each, view = worst.occurrence, worst.view
    pattern = each.pattern
    start, end = view.span(each.start, each.end)
    states = sorted({state for judged in same for state in judged.states}, key=lambda state: -state.badness)
    is_there = not {Integrity.CONCEALED, Integrity.QUOTED} & set(states)
    return DisclaimerReading(
        id=pattern.entry.id,
        integrity=states[0],
        start=start,
        end=end,
        version=pattern.version,
        variant=pattern.variant,
        language=pattern.entry.language,
        states=tuple(states),
        edits=tuple(sorted(worst.edits, key=lambda edit: (not edit.changes_meaning, edit.start, edit.end))),
        fix=_fix(worst),
        standard=pattern.entry.standard,
        note=PRESENT if is_there else "",
    )


def _edit(change: Change, view: View) -> Edit:
    start, end = view.span(change.start, change.end)
    return Edit(change.edit_class, start, end, change.expected, view.source[start:end], change.changes_meaning)


def _fix(judged: Judged) -> Fix | None:
    """The exact text in force, slots as they were filled; else the removal of a denial."""
    each, view, states = judged.occurrence, judged.view, judged.states
    if {Integrity.CONCEALED, Integrity.QUOTED} & states or not each.pattern.entry.standard:
        return None
    entry = each.pattern.entry
    variants = entry.versions[-1].variants
    wording = variants[each.pattern.variant].wording if each.pattern.variant in variants else entry.wording
    is_whole = set(SLOT.findall(wording)) <= each.values.keys()
    restores = bool(judged.edits) or Integrity.OUTDATED in states or Integrity.REFORMATTED in states
    if restores and is_whole:
        return Fix("Restore the standard text", *view.span(each.start, each.end), entry.fill(wording, each.values))
    if judged.denial is not None and not restores:
        return Fix("Remove the denial", *view.span(*judged.denial), "")
    return None
