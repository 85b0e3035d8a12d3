"""A wording laid over a stretch of text: which words agree, and the changed stretches between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz.distance import Indel

from detector.pipeline.disclaimers.lexicon import lexicon
from detector.pipeline.disclaimers.moves import Move, moved_sentences
from detector.pipeline.disclaimers.patterns import Pattern

ISLAND = 2  # that few agreeing function words between two larger changes are a coincidence


@dataclass(frozen=True, slots=True)
class Hunk:
    """Words `expected_start:expected_end` of the wording became `found_start:found_end` of the text.

    `moved` says that the same words stand elsewhere: only their order changed.
    """

    expected_start: int
    expected_end: int
    found_start: int
    found_end: int
    moved: bool = False

    @property
    def expected_size(self) -> int:
        """How many words of the wording."""
        return self.expected_end - self.expected_start

    @property
    def found_size(self) -> int:
        """How many words of the text."""
        return self.found_end - self.found_start


def align(expected: Sequence[str], found: Sequence[str], pattern: Pattern) -> list[Hunk]:
    """The changed stretches of an alignment that removes and adds the fewest words, in order.

    Whole sentences that stand in another order are taken out first: they are moves, whatever that costs.
    """
    if expected == found:
        return []
    moves = moved_sentences(pattern, found)
    if not moves:
        return _with_moves(_aligned(expected, found, pattern), expected, found)
    ours, theirs = list(expected), list(found)
    for start, end, at in moves:
        ours[start:end] = [f"\0{number}" for number in range(start, end)]
        theirs[at : at + end - start] = [f"\1{number}" for number in range(start, end)]
    parts = [part for hunk in _aligned(ours, theirs, pattern) for part in _split(hunk, moves)]
    return [
        part if part.moved else marked for part, marked in zip(parts, _with_moves(parts, ours, theirs), strict=True)
    ]


def _aligned(expected: Sequence[str], found: Sequence[str], pattern: Pattern) -> list[Hunk]:
    hunks = _joined(
        Hunk(code.src_start, code.src_end, code.dest_start, code.dest_end)
        for code in Indel.opcodes(expected, found)
        if code.tag != "equal"
    )
    return list(_bridged(_joined(_slid(hunks, expected, found, pattern)), expected))


def _split(hunk: Hunk, moves: Sequence[Move]) -> Iterator[Hunk]:
    """A hunk parted where moved sentences begin and end."""
    gone = sorted((start, end) for start, end, _ in moves if hunk.expected_start <= start < hunk.expected_end)
    come = sorted((at, at + end - start) for start, end, at in moves if hunk.found_start <= at < hunk.found_end)
    if not gone and not come:
        yield hunk
        return
    for start, end, moved in _runs(hunk.expected_start, hunk.expected_end, gone):
        yield Hunk(start, end, hunk.found_start, hunk.found_start, moved)
    for start, end, moved in _runs(hunk.found_start, hunk.found_end, come):
        yield Hunk(hunk.expected_end, hunk.expected_end, start, end, moved)


def _runs(start: int, end: int, marked: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, bool]]:
    """The stretch `start:end` parted into marked and other runs."""
    for low, high in marked:
        if low > start:
            yield start, low, False
        yield low, high, True
        start = high
    if end > start:
        yield start, end, False


def _joined(hunks: Iterator[Hunk] | Sequence[Hunk]) -> list[Hunk]:
    """Hunks that touch are one."""
    joined: list[Hunk] = []
    for hunk in hunks:
        last = joined[-1] if joined else None
        if last and last.expected_end == hunk.expected_start and last.found_end == hunk.found_start:
            joined[-1] = replace(last, expected_end=hunk.expected_end, found_end=hunk.found_end)
        else:
            joined.append(hunk)
    return joined


def _slid(hunks: Sequence[Hunk], expected: Sequence[str], found: Sequence[str], pattern: Pattern) -> Iterator[Hunk]:
    """Removals and additions moved, at no cost, to where they join others or hold whole sentences."""
    last: Hunk | None = None
    for hunk, following in zip(hunks, [*hunks[1:], None], strict=True):
        room_left = hunk.expected_start - (last.expected_end if last else 0)
        room_right = (following.expected_start if following else len(expected)) - hunk.expected_end
        side, start, end = expected, hunk.expected_start, hunk.expected_end
        if hunk.found_size:
            side, start, end = found, hunk.found_start, hunk.found_end
        last = hunk
        if not (hunk.expected_size and hunk.found_size):
            left = _slide(side, (start - 1, end - 1), -1, room_left)
            right = _slide(side, (start, end), 1, room_right)
            last = _shifted(hunk, _best_shift(hunk, left, right, joins=left == room_left > 0, pattern=pattern))
        yield last


def _slide(side: Sequence[str], edges: tuple[int, int], step: int, room: int) -> int:
    """How many words a pure removal or addition can move in one direction."""
    one, other = edges
    moved = 0
    while moved < room and side[one + step * moved] == side[other + step * moved]:
        moved += 1
    return moved


def _best_shift(hunk: Hunk, left: int, right: int, *, joins: bool, pattern: Pattern) -> int:
    if hunk.found_size or (joins and hunk.expected_start > left):
        return -left
    shifts = range(-left, right + 1)
    return next((shift for shift in shifts if pattern.starts_sentence(hunk.expected_start + shift)), 0)


def _shifted(hunk: Hunk, by: int) -> Hunk:
    if by == 0:
        return hunk
    return Hunk(hunk.expected_start + by, hunk.expected_end + by, hunk.found_start + by, hunk.found_end + by)


def _bridged(hunks: Sequence[Hunk], expected: Sequence[str]) -> Iterator[Hunk]:
    """Two replacements parted by one or two function words are one."""
    held: Hunk | None = None
    light = lexicon().light | lexicon().common
    for hunk in hunks:
        if held is not None:
            island = expected[held.expected_end : hunk.expected_start]
            sizes = (held.expected_size, held.found_size, hunk.expected_size, hunk.found_size)
            if len(island) <= ISLAND and min(sizes) > len(island) and light.issuperset(island):
                held = replace(held, expected_end=hunk.expected_end, found_end=hunk.found_end)
                continue
            yield held
        held = hunk
    if held is not None:
        yield held


def _with_moves(hunks: Sequence[Hunk], expected: Sequence[str], found: Sequence[str]) -> list[Hunk]:
    """Mark hunks whose words turn up in another hunk, or in another order in the same one."""
    sides = [
        (tuple(expected[hunk.expected_start : hunk.expected_end]), tuple(found[hunk.found_start : hunk.found_end]))
        for hunk in hunks
    ]
    moved = {ours for ours, _ in sides if ours} & {theirs for _, theirs in sides}
    for (ours, theirs), (their_ours, their_theirs) in pairwise(sides):
        # "disposing or acquiring": what went here came there, in another order
        one, other = ours or theirs, their_ours or their_theirs
        is_crossed = bool(ours) != bool(theirs) and (not ours, not theirs) == (not their_theirs, not their_ours)
        if is_crossed and len(one) > 1 and Counter(one) == Counter(other):
            moved |= {one, other}
    return [
        replace(hunk, moved=hunk.moved or Counter(ours) == Counter(theirs) or {ours, theirs} <= moved | {()})
        for hunk, (ours, theirs) in zip(hunks, sides, strict=True)
    ]
