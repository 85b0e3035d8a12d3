"""What fills the slots of a wording in a stretch of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rapidfuzz.distance import Indel

from detector.pipeline.disclaimers.patterns import LONGEST_FILLING, Pattern
from detector.pipeline.disclaimers.words import Words

Span = tuple[int, int]


def with_slots(pattern: Pattern, words: Words, first: int, last: int) -> tuple[Words, dict[str, str]]:
    """Words `first:last` by themselves, what fills a slot being one word; and the fillings by slot."""
    part = Words(words.text, words.folded[first:last], words.starts[first:last], words.ends[first:last])
    values: dict[str, str] = {}
    for place, slot in pattern.slots.items():
        filling = _filling(pattern, part, place)
        if filling is not None:
            start, end = filling
            values.setdefault(slot.name, part.text[part.starts[start] : part.ends[end - 1]])
            part.folded[start:end] = [pattern.words.folded[place]]
            part.starts[start + 1 : end] = []
            part.ends[start : end - 1] = []
    return part, values


def _filling(pattern: Pattern, words: Words, place: int) -> Span | None:
    """The words that fill the slot at `place`: of all that may, those that leave the fewest changes to explain."""
    fitting = [
        span
        for span in dict.fromkeys(_placed(pattern, words, place))
        if pattern.slots[place].takes(words.text[words.starts[span[0]] : words.ends[span[1] - 1]])
    ]
    if len(fitting) <= 1:
        return fitting[0] if fitting else None
    return min(fitting, key=lambda span: (_cost(pattern, words, place, span), span[1] - span[0]))


def _placed(pattern: Pattern, words: Words, place: int) -> Iterator[Span]:
    """Stretches between the slot's neighbours, beside two words on one side of it, or swapped with a neighbour."""
    wording, folded = pattern.words.folded, words.folded
    before, behind = wording[max(0, place - 2) : place], wording[place + 1 : place + 3]
    ends = [number for number, word in enumerate(folded) if behind[:1] == [word]]
    if not behind:
        ends.append(len(folded))
    for start in range(len(folded)):
        ahead = folded[max(0, start - 2) : start]
        follows = bool(before) and ahead[-1:] == before[-1:]
        latest = min(len(folded), start + LONGEST_FILLING)
        if follows and ahead == before:
            yield from ((start, end) for end in range(start + 1, latest + 1))
        for end in ends:
            if start < end <= latest and (follows or folded[end : end + 2] == behind):
                yield start, end
        if _is_swapped(before, behind, ahead):
            yield from ((start, end) for end in range(start + 1, latest + 1) if folded[end : end + 1] == behind[1:])
    if len(before) > 1:
        yield from _swapped_ahead(before, behind, folded)


def _is_swapped(before: list[str], behind: list[str], ahead: list[str]) -> bool:
    """Whether the word that belongs behind the slot stands ahead of it."""
    return len(behind) > 1 and ahead == [*before[-1:], behind[0]]


def _swapped_ahead(before: list[str], behind: list[str], folded: list[str]) -> Iterator[Span]:
    """Fillings that stand before the word which belongs ahead of them."""
    for end in range(1, len(folded) - 1):
        if folded[end] == before[1] and folded[end + 1 : end + 2] == behind[:1]:
            starts = range(max(0, end - LONGEST_FILLING), end)
            yield from ((start, end) for start in starts if start and folded[start - 1] == before[0])


def _cost(pattern: Pattern, words: Words, place: int, span: Span) -> int:
    """Words lost and added, those that the filling swallows from the wording threefold."""
    wording, folded = pattern.words.folded, words.folded
    start, end = span
    filled = [*folded[:start], wording[place], *folded[end:]]
    lost = Counter(wording) - Counter(filled)
    swallowed = sum((lost & Counter(folded[start:end])).values())
    return Indel.distance(wording, filled) + 2 * swallowed
