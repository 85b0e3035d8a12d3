"""Every place in a text where a registered wording stands, changed or not; the closest wording wins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detector.pipeline.disclaimers.change import Change
from detector.pipeline.disclaimers.changes import Comparison
from detector.pipeline.disclaimers.clusters import clusters
from detector.pipeline.disclaimers.compare import compare
from detector.pipeline.disclaimers.edges import extend
from detector.pipeline.disclaimers.index import Index
from detector.pipeline.disclaimers.patterns import Pattern
from detector.pipeline.disclaimers.words import Words, split_words

NEAR = 4  # the score of two words lost


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One wording at view offsets `start:end`, with all changes and what fills its slots."""

    pattern: Pattern
    start: int
    end: int
    changes: tuple[Change, ...]
    values: dict[str, str]
    pairs: tuple[tuple[int, int, int], ...]
    is_cut: bool
    score: int

    @property
    def rank(self) -> tuple[bool, int]:
        """Standard texts before folk ones, then the best score."""
        return self.pattern.entry.standard, self.score

    def overlaps(self, other: Occurrence) -> bool:
        """Whether they share characters."""
        return self.start < other.end and other.start < self.end


def find(text: str, index: Index) -> list[Occurrence]:
    """All occurrences in reading order; of overlapping ones the best, or the best for each disclaimer when they tie."""
    if not index.may_hold(text):
        return []
    words = split_words(text)
    patterns, pairs = index.changed(words)
    found = [_changed(words, each, span) for each in patterns for span in clusters(words, each, pairs)]
    found += [_exact(words, pattern, first) for pattern, first in index.exact(words)]
    return sorted(_best(found), key=lambda each: (each.start, each.pattern.entry.id))


def _changed(words: Words, pattern: Pattern, span: tuple[int, int]) -> Occurrence:
    first, last = extend(words, pattern, *span)
    return _occurrence(compare(pattern, words, first, last))


def _exact(words: Words, pattern: Pattern, first: int) -> Occurrence:
    last = first + pattern.size
    end, tail = words.ends[last - 1], pattern.words.text[pattern.words.ends[-1] :]
    end += len(tail) if words.text.startswith(tail, end) else 0
    pairs = tuple((number, words.starts[first + number], words.ends[first + number]) for number in range(pattern.size))
    return Occurrence(pattern, words.starts[first], end, (), {}, pairs, False, 2 * pattern.size)  # noqa: FBT003


def _occurrence(comparison: Comparison) -> Occurrence:
    words = comparison.words
    changes = tuple(comparison.changes())
    pairs = tuple((ours, words.starts[theirs], words.ends[theirs]) for ours, theirs in comparison.pairs())
    return Occurrence(
        comparison.pattern,
        comparison.start,
        comparison.end,
        changes,
        comparison.values,
        pairs,
        comparison.is_cut,
        comparison.score,
    )


def _best(found: Sequence[Occurrence]) -> Iterator[Occurrence]:
    """No two overlap, unless they are equally close and of different disclaimers."""
    for rivals in _overlapping(found):
        best: list[Occurrence] = []
        for each in sorted(rivals, key=_preference):
            if all(_ties(each, other) for other in best if other.overlaps(each)):
                best.append(each)
        yield from best


def _overlapping(found: Sequence[Occurrence]) -> Iterator[list[Occurrence]]:
    """Groups that share characters, directly or through others."""
    group: list[Occurrence] = []
    end = 0
    for each in sorted(found, key=lambda each: each.start):
        if group and each.start >= end:
            yield group
            group = []
        group.append(each)
        end = max(end, each.end)
    if group:
        yield group


def _preference(each: Occurrence) -> tuple[bool, int, int, bool]:
    standard, score = each.rank
    return not standard, -score, len(each.changes), not each.pattern.is_newest


def _ties(one: Occurrence, other: Occurrence) -> bool:
    """Whether the text cannot tell them apart: equally close, or alike but for what either has lost."""
    if one.pattern.entry.id == other.pattern.entry.id or one.pattern.entry.standard != other.pattern.entry.standard:
        return False
    if one.score == other.score:
        return True
    is_near = abs(one.score - other.score) <= NEAR and bool(one.changes) and bool(other.changes)
    return is_near and _words_kept(one) == _words_kept(other)


def _words_kept(each: Occurrence) -> list[tuple[int, int]]:
    return [(start, end) for _, start, end in each.pairs]
