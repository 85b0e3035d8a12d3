"""Why a passage scored as it did: additive parts of its log-odds, merged to words."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

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
        rest = total - in_order - sum(reason.contribution for reason in words)
        ending = (Reason(CONTEXT, rest), Reason(ORDER, in_order)) if in_order else (Reason(CONTEXT, rest),)
        reasons[passage] = (*_strongest(words), *ending)
    return reasons


def _spread(tokens: Floats, part: Batch, linear: LinearStage, scaled: tuple[Block, Floats]) -> None:
    """Add what each feature of a block brings to the tokens that it spans, in equal parts."""
    block, value = scaled
    first = part.first[block.owner]
    brings = linear.weights[buckets(block.hashes, linear.bits), 0] * value[block.owner][:, None]
    for column, width in enumerate(block.widths):
        for back in range(width):
            at = np.maximum(block.token - back, first)
            tokens += np.bincount(at, weights=brings[:, column] / width, minlength=len(tokens))


def _words(text: str, part: Batch, tokens: Floats, inside: slice) -> list[Reason]:
    """Tokens joined to the words that they are written as."""
    words: list[Reason] = []
    end = -1
    for start, stop, brings in zip(
        part.start[inside].tolist(), part.end[inside].tolist(), tokens[inside].tolist(), strict=True
    ):
        joined = words.pop() if start == end else Reason("", 0.0)
        words.append(Reason(joined.words + text[start:stop], joined.contribution + brings))
        end = stop
    return words


def _strongest(words: list[Reason]) -> list[Reason]:
    ranked = sorted(words, key=lambda reason: -abs(reason.contribution))
    others = sum(reason.contribution for reason in ranked[MOST:])
    return ranked[:MOST] + ([Reason(OTHERS, others)] if len(ranked) > MOST else [])
