"""Where in a text one wording may stand: stretches of words that share word pairs with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from detector.pipeline.disclaimers.lexicon import lexicon
from detector.pipeline.disclaimers.patterns import SENTENCE_END, Pair, Pattern
from detector.pipeline.disclaimers.words import Words

WIDEST_GAP, FARTHEST_PART = 60, 400  # words of other text inside a disclaimer; between clean halves of one
REPEATED_RUN = 3  # word pairs seen again in a row begin another copy
STRAY_RUN, STRAY_GAP = 3, 12  # fewer pairs than that, so far off, are a coincidence;
STRAY_SENTENCE = 10  # and so are fewer than that which stand on the wrong side of the rest
COMPLEMENTARY = 0.25
FEWEST_BEGINNING, FEWEST_MARKED = 6, 4  # words of a clean beginning; with '…' or 'see more' behind it
BOUNDARY = 40


class Hit(NamedTuple):
    """Words `found` and `found + 1` of the text are words `expected` and `expected + 1` of the wording."""

    found: int
    expected: int


def clusters(words: Words, pattern: Pattern, pairs: Sequence[Pair]) -> Iterator[tuple[int, int]]:
    """Word ranges (end exclusive) of the text that may be this wording, changed or not; `pairs` are the
    text's word pairs that any wording has. Linear in them."""
    for cluster in _joined(_copies(pairs, pattern)):
        hits = _without_strays(cluster)
        if _is_plausible(hits, words, pattern):
            yield hits[0].found, hits[-1].found + 2


def _copies(pairs: Sequence[Pair], pattern: Pattern) -> Iterator[list[Hit]]:
    """Hits in reading order, a new list where the wording starts again or other text is in between."""
    hits: list[Hit] = []
    places: dict[int, int] = {}
    repeated: list[Hit] = []
    last = 0
    for hit in _hits(pairs, pattern, places):
        found, expected = hit
        if hits and found - last > WIDEST_GAP:
            yield hits
            hits, repeated = [], []
            places.clear()
        last = found
        if expected not in places:
            hits.append(hit)
            repeated = []
            places[expected] = found
            continue
        repeated.append(hit)
        if len(repeated) == REPEATED_RUN:
            cut = _restart(hits, repeated, places)
            yield hits[:cut]
            hits, repeated = hits[cut:] + repeated, []
            places.clear()
            places.update((each.expected, each.found) for each in hits)
    if hits:
        yield hits


def _hits(pairs: Sequence[Pair], pattern: Pattern, places: dict[int, int]) -> Iterator[Hit]:
    """Every shared word pair, at a place of the wording that is new to the present copy where there is one."""
    last = -2
    bigrams = pattern.bigrams
    for found, pair in pairs:
        expected = bigrams.get(pair)
        if expected is None:
            continue
        if last + 1 in expected:
            last += 1
        else:
            last = next((place for place in expected if place not in places), expected[0])
        yield Hit(found, last)


def _restart(hits: list[Hit], repeated: list[Hit], places: dict[int, int]) -> int:
    """Where the new copy begins: the earliest place of the wording since its words were first seen."""
    first = places[repeated[0].expected]
    since = next(index for index, hit in enumerate(hits) if hit.found >= first)
    tail = [*hits[since + 1 :], repeated[0]]
    lowest = min(range(len(tail)), key=lambda index: (tail[index].expected, -index))
    return since + 1 + lowest


def _joined(copies: Iterator[list[Hit]]) -> Iterator[list[Hit]]:
    """Neighbouring lists that hold different parts of the wording are one."""
    held: list[Hit] = []
    for copy in copies:
        if held:
            mine, theirs = {hit.expected for hit in held}, {hit.expected for hit in copy}
            gap = copy[0].found - held[-1].found
            near = gap <= WIDEST_GAP or (gap <= FARTHEST_PART and max(mine) < min(theirs))
            if near and len(mine & theirs) <= COMPLEMENTARY * min(len(mine), len(theirs)):
                held = held + copy
                continue
            yield held
        held = copy
    if held:
        yield held


def _without_strays(hits: list[Hit]) -> list[Hit]:
    """Drop a few hits far off at either end: the author's own use of the same words."""
    hits = hits[_stray_lead(hits, 1) :][::-1]
    return hits[_stray_lead(hits, -1) :][::-1]


def _stray_lead(hits: list[Hit], direction: int) -> int:
    """How many hits at the beginning are strays; `direction` is -1 for hits in reverse."""
    drop = 0
    for index in range(1, len(hits)):
        if abs(hits[index].found - hits[index - 1].found) <= STRAY_GAP:
            continue
        run, rest = ([direction * hit.expected for hit in part] for part in (hits[drop:index], hits[index:]))
        is_misplaced = max(run) > min(rest) and len(run) < min(STRAY_SENTENCE, len(rest))
        if len(run) >= STRAY_RUN and not is_misplaced:
            break
        drop = index
    return drop


def _is_plausible(hits: list[Hit], words: Words, pattern: Pattern) -> bool:
    """Enough of the wording: most of it, a long literal run, or a clean and telling beginning."""
    covered = {place for hit in hits for place in (hit.expected, hit.expected + 1)}
    share = len(covered) / pattern.size
    run, first = _longest_run(hits)
    if share >= (0.5 if pattern.size > 10 else 0.7) or (run >= 14 and share >= 0.2):  # noqa: PLR2004
        return True
    return first.expected == 0 and run == len(covered) and _is_beginning(first.found, run, words, pattern)


def _longest_run(hits: list[Hit]) -> tuple[int, Hit]:
    """The most words in a row that agree, and the hit at which they begin."""
    best, best_first = 0, hits[0]
    length, first, last = 1, hits[0], hits[0]
    for hit in hits:
        if hit == (last[0] + 1, last[1] + 1):
            length += 1
        else:
            length, first = 2, hit
        last = hit
        if length > best:
            best, best_first = length, first
    return best, best_first


def _is_beginning(found: int, run: int, words: Words, pattern: Pattern) -> bool:
    """Whether the text breaks off after the first `run` words of the wording."""
    common = lexicon().common
    telling = sum(word not in common for word in pattern.words.folded[:run])
    end = words.ends[found + run - 1 + _is_stub(found + run, run, words, pattern)]
    following = words.text[end : end + BOUNDARY]
    is_marked = lexicon().cut_end(words.text, end) is not None
    stops = not following.strip() or "\n" in following[: len(following) - len(following.lstrip(" .*_)")) + 1]
    stops = stops or (SENTENCE_END.match(following) is not None and pattern.starts_sentence(run))
    fewest = FEWEST_MARKED if is_marked else FEWEST_BEGINNING
    return run >= fewest and telling >= 2 and (is_marked or stops)  # noqa: PLR2004


def _is_stub(found: int, run: int, words: Words, pattern: Pattern) -> bool:
    """Whether word `found` is the beginning of the wording's word `run`, cut in two."""
    if found >= len(words.folded) or run >= pattern.size:
        return False
    end = words.ends[found]
    is_broken = words.text[end : end + 1] in {"", "\n"} or lexicon().cut_end(words.text, end) is not None
    return is_broken and pattern.words.folded[run].startswith(words.folded[found])
