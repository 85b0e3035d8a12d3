"""Sentences of a wording that stand in a text in another order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from detector.pipeline.disclaimers.patterns import Pattern

FEWEST_MOVED = 3  # words

Move = tuple[int, int, int]  # first and last word of the wording, and where the text has them


def moved_sentences(pattern: Pattern, found: Sequence[str]) -> list[Move]:
    """The fewest words whose move explains the order of the sentences that `found` holds word for word."""
    held: list[Move] = []
    for start, end in pattern.sentences:
        at = _place(pattern.words.folded[start:end], found) if end - start >= FEWEST_MOVED else None
        if at is not None:
            held.append((start, end, at))
    if all(one[2] < other[2] for one, other in pairwise(held)):
        return []
    kept = _heaviest_in_order(held)
    return [move for move in held if move not in kept]


def _place(sentence: Sequence[str], found: Sequence[str]) -> int | None:
    size, at = len(sentence), -1
    try:
        while True:
            at = found.index(sentence[0], at + 1)
            if found[at : at + size] == sentence:
                return at
    except ValueError:
        return None


def _heaviest_in_order(held: Sequence[Move]) -> list[Move]:
    """Of moves in the wording's order, those with the most words that are in the text's order too."""
    best: list[tuple[int, list[Move]]] = []
    for move in held:
        before = [each for each in best if each[1][-1][2] < move[2]]
        weight, chain = max(before, key=lambda each: each[0], default=(0, []))
        best.append((weight + move[1] - move[0], [*chain, move]))
    return max(best, key=lambda each: each[0])[1]
