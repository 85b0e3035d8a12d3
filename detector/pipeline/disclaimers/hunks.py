"""What one stretch of changed words does to a wording: its class, and whether it is several changes."""

from __future__ import annotations

from detector.finding import EditClass
from detector.pipeline.disclaimers.align import Hunk
from detector.pipeline.disclaimers.classing import SHORT, class_of, expanded
from detector.pipeline.disclaimers.lexicon import lexicon
from detector.pipeline.disclaimers.patterns import Pattern
from detector.pipeline.disclaimers.words import Words

SLOT_CLASSES: dict[str, EditClass] = {"number": "number", "party": "party", "date": "number", "text": "other"}


def parts(hunk: Hunk, pattern: Pattern, words: Words) -> list[Hunk]:
    """A few words replaced one for one are classed one by one, if each by itself makes sense."""
    size = hunk.expected_size
    if size != hunk.found_size or not 1 < size <= SHORT + 1 or hunk.moved:
        return [hunk]
    single = [
        Hunk(hunk.expected_start + n, hunk.expected_start + n + 1, hunk.found_start + n, hunk.found_start + n + 1)
        for n in range(size)
    ]
    return [hunk] if any(class_of_hunk(part, pattern, words)[0] == "other" for part in single) else single


def class_of_hunk(hunk: Hunk, pattern: Pattern, words: Words) -> tuple[EditClass, bool]:
    """The class of an edit, and whether it changes the meaning."""
    if hunk.moved:
        return "reordered", _is_telling_move(hunk, pattern, words)
    slot = next((pattern.slots[n] for n in range(hunk.expected_start, hunk.expected_end) if n in pattern.slots), None)
    if slot is not None:
        is_refilled = hunk.expected_size == 1 or (hunk.found_size and hunk.expected_size <= SHORT)
        return (SLOT_CLASSES[slot.slot.kind] if is_refilled else "dropped"), True
    ours = pattern.words.folded[hunk.expected_start : hunk.expected_end]
    theirs = words.folded[hunk.found_start : hunk.found_end]
    if not ours and lexicon().limiters.issuperset(theirs) and _is_behind_negator(hunk, pattern):
        return "negation", True
    return class_of(ours, theirs, pattern.parties)


def _is_behind_negator(hunk: Hunk, pattern: Pattern) -> bool:
    before = pattern.words.folded[max(0, hunk.expected_start - 1) : hunk.expected_start]
    return not lexicon().negators.isdisjoint(expanded(before))


def _is_telling_move(hunk: Hunk, pattern: Pattern, words: Words) -> bool:
    """Whether a word that a statement turns on was moved, not a whole clause."""
    ours = pattern.words.folded[hunk.expected_start : hunk.expected_end]
    theirs = words.folded[hunk.found_start : hunk.found_end]
    telling = lexicon().negators | lexicon().modals | lexicon().quantities
    return max(len(ours), len(theirs)) <= SHORT and not telling.isdisjoint([*ours, *theirs])


def is_hyphenated(hunk: Hunk, pattern: Pattern, words: Words) -> bool:
    """Whether a word was parted at a line's end only."""
    split = [words.gap(number) for number in range(hunk.found_start, hunk.found_end - 1)]
    ours = "".join(pattern.words.folded[hunk.expected_start : hunk.expected_end])
    theirs = "".join(words.folded[hunk.found_start : hunk.found_end])
    return ours == theirs and bool(split) and all("\n" in gap and gap.strip() == "-" for gap in split)
