"""Where a changed disclaimer begins and ends: its outer words may be the changed ones."""

from __future__ import annotations

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from detector.pipeline.disclaimers.lexicon import lexicon
from detector.pipeline.disclaimers.patterns import LONGEST_FILLING, SENTENCE_END, Pattern
from detector.pipeline.disclaimers.words import Words

NEXT = 3  # missing words, one of which may stand alone in a line
LETTERS = 4  # of a word that can be known in spite of a misspelling


def extend(words: Words, pattern: Pattern, start: int, end: int) -> tuple[int, int]:
    """Widen a range by the changed words at its edges."""
    folded = words.folded
    first = pattern.words.folded
    start -= _slot_before(words, pattern, start)
    head = _missing_before(first, folded[start : start + 2])
    tail = _missing_after(first, folded[end - 2 : end])
    earliest, latest = max(0, start - len(head) - 2), min(len(folded), end + len(tail) + 2)
    while head and start > earliest:
        step = _sentence_before(words, start, earliest)
        if step == start or not _belongs(words, range(step, start), head, words.gap(start - 1), near=head[-NEXT:]):
            break
        start = step
    while tail and end < latest and lexicon().cut_end(words.text, words.ends[end - 1]) is None:
        step = _sentence_after(words, end, latest)
        if step == end or not _belongs(words, range(end, step), tail, words.gap(end - 1), near=tail[:NEXT]):
            break
        end = step
    return start, end


def _slot_before(words: Words, pattern: Pattern, start: int) -> int:
    """How many words before word `start` fill a slot that belongs there."""
    pair = words.folded[start : start + 2]
    slot = next((pattern.slots.get(place - 1) for place in pattern.bigrams.get((pair[0], pair[1]), ())), None)
    if slot is None:
        return 0
    sizes = range(min(LONGEST_FILLING, start), 0, -1)
    return next(
        (size for size in sizes if slot.takes(words.text[words.starts[start - size] : words.ends[start - 1]])), 0
    )


def _missing_before(wording: list[str], pair: list[str]) -> list[str]:
    place = next((i for i in range(len(wording) - 1) if wording[i : i + 2] == pair), 0)
    return wording[:place]


def _missing_after(wording: list[str], pair: list[str]) -> list[str]:
    place = next((i for i in range(len(wording) - 2, -1, -1) if wording[i : i + 2] == pair), len(wording) - 2)
    return wording[place + 2 :]


def _breaks(words: Words, index: int) -> bool:
    """Whether a sentence or line ends behind word `index`, or a mark of cutting stands there."""
    gap = words.gap(index)
    if "\n" in gap or SENTENCE_END.search(gap) is not None:
        return True
    return lexicon().cut_end(words.text, words.ends[index]) is not None


def _sentence_before(words: Words, start: int, earliest: int) -> int:
    """Where the sentence before word `start` begins; `start` itself when that is before `earliest`."""
    at = start - 1
    while at > 0 and not _breaks(words, at - 1):
        at -= 1
        if at < earliest:
            return start
    return at


def _sentence_after(words: Words, end: int, latest: int) -> int:
    """Where the sentence that holds word `end` ends; `end` itself when that is past `latest`."""
    at = end + 1
    while at < len(words.folded) and not _breaks(words, at - 1):
        at += 1
        if at > latest:
            return end
    return at


def _belongs(words: Words, span: range, missing: list[str], gap: str, *, near: list[str]) -> bool:
    """In the same line and sentence anything may be a changed word; beyond, half of the words have to be
    missing ones (or be no more than are missing), and beyond a sentence's end more than half."""
    is_sentence_end = SENTENCE_END.search(gap) is not None
    if "\n" not in gap and not is_sentence_end:
        return True
    known = sum(_resembles(words.folded[index], missing) for index in span)
    if len(missing) > len(span) == 1:
        word = words.folded[span[0]]  # one word on its own line may be a heading
        return _resembles(word, near) or word in (missing[0], missing[-1]) or _is_cut_word(words, span[0], missing[0])
    return 2 * known > len(span) or (not is_sentence_end and (2 * known == len(span) or len(span) <= len(missing)))


def _is_cut_word(words: Words, index: int, whole: str) -> bool:
    """Whether a page broke off within the word that comes next."""
    return whole.startswith(words.folded[index]) and lexicon().cut_end(words.text, words.ends[index]) is not None


def _resembles(word: str, missing: list[str]) -> bool:
    """Whether it is one of them, perhaps misspelt."""
    if word in missing:
        return True
    return len(word) > LETTERS and extractOne(word, missing, scorer=OSA.distance, score_cutoff=2) is not None
