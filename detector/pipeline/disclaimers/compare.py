"""Laying a wording over a stretch of text: slots filled, words aligned, the end looked at."""

from __future__ import annotations

from dataclasses import replace

from detector.pipeline.disclaimers.align import align
from detector.pipeline.disclaimers.changes import TAIL_MARKS, Comparison
from detector.pipeline.disclaimers.fillings import with_slots
from detector.pipeline.disclaimers.lexicon import lexicon
from detector.pipeline.disclaimers.patterns import Pattern
from detector.pipeline.disclaimers.words import Words

LONGEST_MARK = 2  # words


def compare(pattern: Pattern, words: Words, first: int, last: int) -> Comparison:
    """Lay `pattern` over words `first:last`; additions at either end are the author's own and left out."""
    last = _before_mark(words, first, last)
    words, values = with_slots(pattern, words, first, last)
    hunks = align(pattern.words.folded, words.folded, pattern)
    first, last = 0, len(words.folded)
    if hunks and not hunks[0].expected_end and not hunks[0].moved:
        first = hunks.pop(0).found_size
    if hunks and hunks[-1].expected_start == pattern.size and not hunks[-1].moved:
        last -= hunks.pop().found_size
    comparison = Comparison(pattern, words, first, last, hunks, values)
    comparison.is_cut = bool(hunks) and _is_cut(comparison)
    return comparison


def _before_mark(words: Words, first: int, last: int) -> int:
    """`last` without the words of a mark of cutting ("read more"), which may look like the wording's own."""
    for number in range(max(first, last - LONGEST_MARK - 1), last - 1):
        end = lexicon().cut_end(words.text, words.ends[number])
        if end is not None and end >= words.ends[last - 1]:
            return number + 1
    return last


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
