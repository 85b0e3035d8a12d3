"""Features of the passages of a batch of posts, all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detector import compiled
from detector.pipeline.features_hash import Hashes
from detector.pipeline.features_lexemes import LexemeTable, lexicon
from detector.pipeline.tokens import Tokens

if TYPE_CHECKING:
    from spacy.tokens import Doc

Ints = NDArray[np.int64]
Bounds = Sequence[tuple[int, int]]

KINDS = lexicon().kinds
CASHTAG = len(KINDS)
LONGEST_SECTION = 24  # passages: nineteen posts in twenty are shorter
IS_NUMBER = np.array([name in ("number", "decimal", "multiple") for name in (*KINDS, "cashtag")])
_SPACE, _DOLLAR = KINDS.index("space"), KINDS.index("dollar")


@dataclass(frozen=True, slots=True)
class Batch:
    """The passages of some posts as columns: the tokens of a passage stand together, white space left out.

    Of tokens: `row` in the lexeme table, what the table holds of it (`norm kind verb flags shout`), `passage` and
    `place` in it, `start`/`end` (code points of the doc). Of passages: `first` token, `size` in tokens, `post`,
    `section`, `rank` in its section, `per_section` (passages that the section has).

    A section is a post, or a part of a long one: what stands further off says nothing of a passage, and thousands of
    dull words must not speak for the one line of advice among them.
    """

    row: Ints
    norm: Hashes
    kind: Ints
    verb: Ints
    flags: Hashes
    shout: NDArray[np.bool_]
    passage: Ints
    place: Ints
    start: Ints
    end: Ints
    first: Ints
    size: Ints
    post: Ints
    section: Ints
    rank: Ints
    per_section: Ints


@dataclass(frozen=True, slots=True)
class Block:
    """Hashed features: column j of row i is feature `names[j]` of passage `owner[i]` (ascending), about
    the `widths[j]` tokens that end with `token[i]`."""

    names: tuple[str, ...]
    owner: Ints
    hashes: Hashes
    token: Ints
    widths: tuple[int, ...]


def read_batch(docs: Sequence[Tokens | Doc], bounds: Sequence[Bounds], table: LexemeTable) -> Batch:
    """Lay out the passages (code-point bounds in each doc's text, grown to whole tokens) of at least one doc."""
    spaced = [doc.spaced if isinstance(doc, Tokens) else [token.text_with_ws for token in doc] for doc in docs]
    rows, sizes = table.rows(list(chain.from_iterable(spaced)))
    counts = np.array([len(of_doc) for of_doc in spaced], dtype=np.int64)
    lengths = np.array([len(doc.text) + 1 for doc in docs], dtype=np.int64)  # one more keeps docs apart
    per_post = np.array([len(of_doc) for of_doc in bounds], dtype=np.int64)
    edges = np.array([edge for of_doc in bounds for edge in of_doc], dtype=np.int64).reshape(-1, 2)
    if compiled.sums is not None:
        columns = compiled.sums.batch_columns(
            rows, sizes, counts, lengths, edges, per_post, table, IS_NUMBER.view(np.uint8), space=_SPACE,
            dollar=_DOLLAR, cashtag=CASHTAG, longest_section=LONGEST_SECTION,
        )  # fmt: skip
        return Batch(*columns)
    base = np.cumsum(lengths) - lengths
    token_base = np.repeat(base, counts)
    starts = np.cumsum(sizes) - sizes + np.repeat(np.arange(len(docs)), counts)
    ends = starts + table.lengths[rows]
    post = np.repeat(np.arange(len(docs)), per_post)
    edges = np.minimum(edges, lengths[post][:, None]) + base[post][:, None]
    low = np.searchsorted(ends, edges[:, 0], side="right")
    high = np.maximum(np.searchsorted(starts, edges[:, 1], side="left"), low)
    picked, passage = ranges(low, high)
    row = rows[picked]
    visible = table.kinds[row] != _SPACE
    row, picked, passage = row[visible], picked[visible], passage[visible]
    size = np.bincount(passage, minlength=len(post))
    first = np.cumsum(size) - size
    per_section = np.array([size for count in per_post.tolist() for size in _sections(count)], dtype=np.int64)
    section = np.repeat(np.arange(len(per_section)), per_section)
    rank = np.arange(len(post)) - np.repeat(np.cumsum(per_section) - per_section, per_section)
    kind = table.kinds[row]
    place = np.arange(len(row)) - first[passage]
    kind[1:][(kind[:-1] == _DOLLAR) & (place[1:] > 0) & ~IS_NUMBER[kind[1:]]] = CASHTAG
    return Batch(
        row, table.norms[row], kind, table.verbs[row], table.flags[row], table.shouts[row], passage, place,
        starts[picked] - token_base[picked], ends[picked] - token_base[picked], first, size, post, section, rank,
        per_section[section],
    )  # fmt: skip


def _sections(passages: int) -> list[int]:
    """Sizes of the sections of a post of so many passages: as even as can be."""
    parts = max(-(-passages // LONGEST_SECTION), 1)
    return [passages * (number + 1) // parts - passages * number // parts for number in range(parts)]


def ranges(low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """All integers of the ranges `low:high`, one after the other, and the range that each is of."""
    sizes = high - low
    owner = np.repeat(np.arange(len(low)), sizes)
    return np.arange(len(owner)) - (np.cumsum(sizes) - sizes)[owner] + low[owner], owner


def pick(batch: Batch, wanted: Ints) -> Batch:
    """These passages alone."""
    tokens, passage = ranges(batch.first[wanted], batch.first[wanted] + batch.size[wanted])
    size = batch.size[wanted]
    of_tokens = {
        name: getattr(batch, name)[tokens]
        for name in ("row", "norm", "kind", "verb", "flags", "shout", "place", "start", "end")
    }
    of_passages = {name: getattr(batch, name)[wanted] for name in ("post", "section", "rank", "per_section")}
    return replace(batch, **of_tokens, **of_passages, passage=passage, size=size, first=np.cumsum(size) - size)


def before(batch: Batch, values: NDArray[Any], steps: int) -> NDArray[Any]:
    """The value `steps` tokens back in the same passage, 0 where there is none."""
    moved = np.zeros_like(values)
    moved[steps:] = values[: max(len(values) - steps, 0)]
    moved[batch.place < steps] = 0
    return moved


def after(batch: Batch, values: NDArray[Any], steps: int) -> NDArray[Any]:
    """The value `steps` tokens on in the same passage, 0 where there is none."""
    moved = np.zeros_like(values)
    moved[: max(len(values) - steps, 0)] = values[steps:]
    moved[batch.place + steps >= batch.size[batch.passage]] = 0
    return moved


def nth(batch: Batch, values: NDArray[Any], at: int) -> Hashes:
    """The value of each passage's token number `at` (from its end if negative), 0 where there is none."""
    held = batch.size > at if at >= 0 else batch.size >= -at
    index = batch.first + (at if at >= 0 else batch.size + at)
    found = np.zeros(len(batch.size), dtype=np.uint64)
    found[held] = values[index[held]]
    return found


def union(batch: Batch, bits: Hashes) -> Hashes:
    """All bits that the tokens of each passage have."""
    joined = np.zeros(len(batch.size), dtype=np.uint64)
    filled = batch.size > 0
    if filled.any():
        joined[filled] = np.bitwise_or.reduceat(bits, batch.first[filled])
    return joined


def neighbour(batch: Batch, values: Hashes, step: int) -> Hashes:
    """The value of the passage `step` away in the same section, plus one; 0 beyond the section's edges."""
    moved = np.zeros_like(values)
    if abs(step) < len(values):
        target, source = (
            (slice(-step, None), slice(None, step)) if step < 0 else (slice(None, -step), slice(step, None))
        )
        same = batch.section[target] == batch.section[source]
        moved[target] = np.where(same, values[source] + np.uint64(1), np.uint64(0))
    return moved
