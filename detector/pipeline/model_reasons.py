"""Why a passage scored as it did: additive parts of its log-odds, merged to words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import starmap

import numpy as np

from detector import compiled
from detector.finding import Reason
from detector.pipeline.features import Batch, Block, Ints, pick
from detector.pipeline.features_hash import buckets
from detector.pipeline.features_linear import Floats, LinearStage, own_blocks, shrink

CONTEXT = "(its build, its neighbours and its post)"
MOST = 8  # words that are named one by one, strongest first; the others are summed up
OTHERS = "(other words)"
ORDER = "(its words in their order)"  # what the second stage adds: it cannot say which words do


def explain(
    linear: LinearStage, batch: Batch, texts: Callable[[int], str], outcome: Floats, wanted: Ints
) -> dict[int, tuple[Reason, ...]]:
    """Reasons for the wanted passages; each passage's sum to its log-odds. `texts` gives a post's text.

    `outcome`: of every passage, its log-odds and what of them the second stage added.
    """
    if not len(wanted):
        return {}
    part = pick(batch, wanted)
    tokens = linear.lexemes(part.row)[part.row, 0] * shrink(part.size)[part.passage]
    for block, value in own_blocks(part):
        _spread(tokens, part, linear, (block, value))
    reasons = {}
    text_of = {post: texts(post) for post in set(batch.post[wanted].tolist())}
    for number, passage in enumerate(wanted.tolist()):
        inside = slice(int(part.first[number]), int(part.first[number] + part.size[number]))
        words = _words(text_of[int(batch.post[passage])], part, tokens, inside)
        total, in_order = outcome[passage].tolist()
        rest = total - in_order - sum(brings for _, brings in words)
        ending = (Reason(CONTEXT, rest), Reason(ORDER, in_order)) if in_order else (Reason(CONTEXT, rest),)
        reasons[passage] = (*_strongest(words), *ending)
    return reasons


def _spread(tokens: Floats, part: Batch, linear: LinearStage, scaled: tuple[Block, Floats]) -> None:
    """Add what each feature of a block brings to the tokens that it spans, in equal parts."""
    block, value = scaled
    if compiled.sums is not None:
        compiled.sums.spread(
            tokens, linear.weights, block.hashes, block.owner, block.token, value, part.first,
            np.array(block.widths), linear.bits,
        )  # fmt: skip
        return
    first = part.first[block.owner]
    brings = linear.weights[buckets(block.hashes, linear.bits), 0] * value[block.owner][:, None]
    for column, width in enumerate(block.widths):
        for back in range(width):
            at = np.maximum(block.token - back, first)
            tokens += np.bincount(at, weights=brings[:, column] / width, minlength=len(tokens))


def _words(text: str, part: Batch, tokens: Floats, inside: slice) -> list[tuple[str, float]]:
    """Tokens joined to the words that they are written as, and what these bring."""
    words: list[tuple[str, float]] = []
    end = -1
    for start, stop, brings in zip(
        part.start[inside].tolist(), part.end[inside].tolist(), tokens[inside].tolist(), strict=True
    ):
        if start == end:
            before, earlier = words.pop()
            words.append((before + text[start:stop], earlier + brings))
        else:
            words.append((text[start:stop], brings))
        end = stop
    return words


def _strongest(words: list[tuple[str, float]]) -> Iterator[Reason]:
    ranked = sorted(words, key=lambda word: -abs(word[1]))
    yield from starmap(Reason, ranked[:MOST])
    if len(ranked) > MOST:
        yield Reason(OTHERS, sum(brings for _, brings in ranked[MOST:]))
