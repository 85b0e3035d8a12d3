"""Laying a wording over a stretch of text: slots filled, words aligned, the end looked at."""

from __future__ import annotations

from dataclasses import replace

from detector.pipeline.disclaimers.align import align
from detector.pipeline.disclaimers.changes import TAIL_MARKS, Comparison
from detector.pipeline.disclaimers.lexicon import lexicon
from detector.pipeline.disclaimers.patterns import LONGEST_FILLING, Pattern
from detector.pipeline.disclaimers.words import Words


def compare(pattern: Pattern, words: Words, first: int, last: int) -> Comparison:
    """Lay `pattern` over words `first:last`; additions at either end are the author's own and left out."""
    words, values = _with_slots(pattern, words, first, last)
    hunks = align(pattern.words.folded, words.folded, pattern)
    first, last = 0, len(words.folded)
    if hunks and not hunks[0].expected_end and not hunks[0].moved:
        first = hunks.pop(0).found_size
    if hunks and hunks[-1].expected_start == pattern.size and not hunks[-1].moved:
        last -= hunks.pop().found_size
    comparison = Comparison(pattern, words, first, last, hunks, values)
    comparison.is_cut = bool(hunks) and _is_cut(comparison)
    return comparison


def _with_slots(pattern: Pattern, words: Words, first: int, last: int) -> tuple[Words, dict[str, str]]:
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


def _filling(pattern: Pattern, words: Words, place: int) -> tuple[int, int] | None:
    """The words that fill the slot at `place`: valid ones between its neighbours, or beside two words on one side."""
    wording, folded = pattern.words.folded, words.folded
    before, behind = wording[max(0, place - 2) : place], wording[place + 1 : place + 3]
    ends = {number for number, word in enumerate(folded) if behind[:1] == [word]}
    fitting: list[tuple[bool, int, int, int]] = []
    for start in range(len(folded)):
        ahead = folded[max(0, start - 2) : start]
        follows = bool(before) and ahead[-1:] == before[-1:]
        for end in range(start + 1, min(len(folded), start + LONGEST_FILLING) + 1):
            leads = end in ends
            if not follows and not leads:
                continue
            is_beside = (follows and (leads or ahead == before)) or (leads and folded[end : end + 2] == behind)
            if is_beside and pattern.slots[place].takes(words.text[words.starts[start] : words.ends[end - 1]]):
                fitting.append((follows and leads, start - end if leads else end - start, start, end))
    return max(fitting)[2:] if fitting else None


def _is_cut(comparison: Comparison) -> bool:
    """Whether the end is missing and the text breaks off there; the beginning of a word cut in two goes with it."""
    hunk, words = comparison.hunks[-1], comparison.words
    if hunk.expected_end < comparison.pattern.size or hunk.moved or not hunk.expected_size:
        return False
    is_slot = hunk.expected_start in comparison.pattern.slots
    if (hunk.found_size == 1 or (is_slot and hunk.found_size)) and _breaks_off(words, hunk.found_end - 1):
        whole = comparison.pattern.words.folded[hunk.expected_start]
        if is_slot or whole.startswith(words.folded[hunk.found_start]):
            comparison.last = hunk.found_start
            comparison.hunks[-1] = replace(hunk, found_end=hunk.found_start)
            comparison.stub = words.ends[hunk.found_end - 1]
            return True
    return not hunk.found_size and _breaks_off(words, comparison.last - 1)


def _breaks_off(words: Words, number: int) -> bool:
    """Whether a sentence, a line or the text ends behind word `number`, or a cut is marked there."""
    end = words.ends[number]
    following = words.text[end : end + TAIL_MARKS].lstrip(" *_~)")
    return not following or following[0] in "\n.!?" or lexicon().cut_end(words.text, end) is not None
