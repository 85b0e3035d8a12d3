"""Named features: whose voice a passage speaks in, whom it addresses, in what mood it names which trade, and where.

Every feature is hashed under its own number (`Block.names` lists them), so that each has weights of its own.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector import compiled
from detector.pipeline.features import IS_NUMBER, KINDS, Batch, Block, Ints, after, before, neighbour, nth, union
from detector.pipeline.features_hash import Hashes, chain, chains
from detector.pipeline.features_lexemes import FORMS, lexicon

PEOPLE = ("i", "we", "you", "everyone", "he", "they", "it")
MODALS = ("must", "can", "will", "would", "want", "letus", "do", "be", "have")
NEAR = 4  # tokens back in which a modal or a negation still governs a verb
LABELS = ("price", "entry", "stop", "above", "signal")  # what a number may stand behind
OF_VERBS = (
    "verb_person", "verb_modal", "form_person_modal", "verb_opens_next", "verb_person_asks", "verb_between",
    "form_person_opens", "group_all", "verb_opens", "verb_next_word", "word_person",
)  # fmt: skip
OF_PASSAGES = (
    "opening1", "opening2", "opening_classes", "opening_asks", "ending", "ending_classes", "people", "people_forms",
    "opening_people", "trading", "place", "length", "count", "signal", "signal_people", "previous_trading",
    "previous_forms", "following_trading", "following_forms", "previous_people", "previous_opening",
    "following_opening", "whole", "previous_asks", "shouting",
)  # fmt: skip


def verbs(batch: Batch) -> Block:
    """For every verb of trading: its form, who acts, what governs it, whether it opens a clause, what follows."""
    at = np.flatnonzero(batch.verb)
    if compiled.sums is None:
        hashes = chains(verb_columns(batch, at))
    else:
        openers = _OPENS.view(np.uint8)
        hashes = compiled.sums.verbs(
            batch, at, _PEOPLE, _MODALS, _NEGATION, openers, ask=_ASK, forms=len(FORMS), near=NEAR
        )
    return Block(OF_VERBS, batch.passage[at], hashes, at, (1,) * len(OF_VERBS))


def verb_columns(batch: Batch, at: Ints) -> dict[str, tuple[Any, ...]]:
    """The features `OF_VERBS` of the verbs at these tokens: each its number, and what is hashed."""
    verb, group, form = batch.verb[at], (batch.verb[at] - 1) // len(FORMS), (batch.verb[at] - 1) % len(FORMS)
    person, far = _nearest(batch, at, PEOPLE)
    modal, modal_far = _nearest(batch, at, MODALS)
    negation, negation_far = _nearest(batch, at, ("negation",))
    person = np.where(person > 0, person + 8 * (far > NEAR), 0)
    modal = np.where(modal_far <= NEAR, modal, 0)
    negated = (negation > 0) & (negation_far <= NEAR)
    kinds = batch.kind
    left, right = before(batch, kinds, 1)[at], after(batch, kinds, 1)[at]
    next_word = after(batch, batch.norm, 1)[at]
    opens = np.where(_OPENS[left], 1 + (batch.place[at] > 0), 0)
    asks = asked(batch)[batch.passage[at]]
    return {
        "verb_person": (20, verb, person),
        "verb_modal": (21, verb, modal, negated),
        "form_person_modal": (22, form, person, modal, negated),
        "verb_opens_next": (23, batch.norm[at], opens, right),
        "verb_person_asks": (24, verb, person, asks),
        "verb_between": (25, verb, left, right),
        "form_person_opens": (26, form, person, modal, opens),
        "group_all": (27, group, form, person, modal, negated, opens, asks),
        "verb_opens": (28, verb, opens, asks),
        "verb_next_word": (29, verb, opens, next_word),
        "word_person": (30, batch.norm[at], person, modal),
    }


def passages(batch: Batch) -> Block:
    """For every passage: how it opens and ends, who is in it, where it stands, what stands beside it."""
    if compiled.sums is None:
        hashes = chains(passage_columns(batch))
    else:
        numbers = IS_NUMBER.view(np.uint8)
        hashes = compiled.sums.passages(batch, _PEOPLE_BITS, _FORM_MASKS, _LABELS, numbers, ask=_ASK)
    token = np.minimum(batch.first, max(len(batch.norm) - 1, 0))
    return Block(OF_PASSAGES, np.arange(len(batch.size)), hashes, token, (1,) * len(OF_PASSAGES))


def passage_columns(batch: Batch) -> dict[str, tuple[Any, ...]]:
    """The features `OF_PASSAGES` of every passage: each its number, and what is hashed."""
    kinds = batch.kind
    first, second, third = (nth(batch, kinds, at) for at in range(3))
    word = nth(batch, batch.norm, 0)
    last, last_word = nth(batch, kinds, -1), nth(batch, batch.norm, -1)
    flags = seen(batch)
    people = (flags & _PEOPLE_BITS).astype(np.uint64)
    verb_forms = trading(batch)
    forms = _forms(verb_forms)
    asks, length = asked(batch), np.minimum(np.int64(2) * np.log2(batch.size + 1).astype(np.int64), 20)
    rank = np.minimum(batch.rank, 4)
    per_section = batch.per_section
    left = np.minimum(per_section - 1 - batch.rank, 4)
    count = np.log2(per_section + 1).astype(np.int64)
    signal = signal_shape(batch)
    previous, following = neighbour(batch, verb_forms, -1), neighbour(batch, verb_forms, 1)
    return {
        "opening1": (40, word),
        "opening2": (41, word, nth(batch, batch.norm, 1)),
        "opening_classes": (42, first, second, third),
        "opening_asks": (43, first, asks),
        "ending": (44, last_word),
        "ending_classes": (45, nth(batch, kinds, -2), last),
        "people": (46, people, asks),
        "people_forms": (47, people, forms, asks),
        "opening_people": (48, first, people),
        "trading": (49, verb_forms),
        "place": (50, rank, left, length),
        "length": (51, length, asks),
        "count": (52, count, rank),
        "signal": (53, signal),
        "signal_people": (54, signal, people > 0, forms),
        "previous_trading": (55, previous),
        "previous_forms": (56, _forms(previous), forms),
        "following_trading": (57, following),
        "following_forms": (58, _forms(following), forms),
        "previous_people": (59, neighbour(batch, people, -1), people),
        "previous_opening": (60, neighbour(batch, word, -1)),
        "following_opening": (61, neighbour(batch, word, 1)),
        "whole": (62, _whole(batch)),
        "previous_asks": (63, neighbour(batch, asks.astype(np.uint64), -1), asks),
        "shouting": (64, _shouting(batch), length),
    }


def seen(batch: Batch) -> Hashes:
    """The word classes (bits, as in `words.toml`) that each passage holds."""
    return union(batch, batch.flags)


def trading(batch: Batch) -> Hashes:
    """The groups and forms of trading verbs (bit `verb - 1`) that each passage holds."""
    bits = np.where(batch.verb > 0, np.uint64(1) << np.maximum(batch.verb - 1, 0).astype(np.uint64), np.uint64(0))
    return union(batch, bits)


def shapes(batch: Batch) -> Hashes:
    """The shapes, emoji and punctuation (bits, in the order of `lexicon().kinds`) that each passage holds."""
    bit = batch.kind - FIRST_SHAPE
    return union(batch, np.where(bit >= 0, np.uint64(1) << np.maximum(bit, 0).astype(np.uint64), np.uint64(0)))


def asked(batch: Batch) -> NDArray[np.bool_]:
    """Whether each passage holds a question mark."""
    return np.asarray(np.bincount(batch.passage[batch.kind == _ASK], minlength=len(batch.size)) > 0)


def signal_shape(batch: Batch) -> Ints:
    """Bits: a price word, an entry word, a stop word and a verb, each followed within three tokens by a number."""
    numbers = IS_NUMBER[batch.kind]
    near = (
        sum(
            (after(batch, numbers.astype(np.uint64), step) for step in range(1, 4)),
            start=np.zeros(len(numbers), dtype=np.uint64),
        )
        > 0
    )
    shape = np.zeros(len(batch.size), dtype=np.int64)
    for bit, name in enumerate(LABELS):
        labelled = near & ((batch.flags & _bit(name)) > 0)
        shape |= (np.bincount(batch.passage[labelled], minlength=len(shape)) > 0).astype(np.int64) << bit
    direct = near & (batch.verb > 0)
    shape |= (np.bincount(batch.passage[direct], minlength=len(shape)) > 0).astype(np.int64) << 5
    amount = np.minimum(np.bincount(batch.passage[numbers], minlength=len(shape)), 3)
    return shape << 2 | amount


def _nearest(batch: Batch, at: Ints, classes: tuple[str, ...]) -> tuple[Ints, Ints]:
    """Of tokens `at`: which of the classes (from 1; 0 for none) stands nearest before in the passage, and how far."""
    number = np.zeros(len(batch.flags), dtype=np.int64)
    for position, name in reversed(list(enumerate(classes, 1))):
        number[(batch.flags & _bit(name)) > 0] = position
    places = np.where(number > 0, np.arange(len(number)), -1)
    last = np.maximum.accumulate(places)[np.maximum(at - 1, 0)] if len(at) else at
    held = (last >= batch.first[batch.passage[at]]) & (batch.place[at] > 0)
    return np.where(held, number[last], 0), np.where(held, at - last, 99)


def _forms(verb_bits: Hashes) -> Ints:
    """Which forms (bits) of the core trading verbs are among these verbs."""
    forms = np.zeros(len(verb_bits), dtype=np.int64)
    for bit, mask in enumerate(_FORM_MASKS):
        forms |= ((verb_bits & mask) > 0).astype(np.int64) << bit
    return forms


def _whole(batch: Batch) -> Hashes:
    """A number for the whole wording: repeated slogans and signals are known as they stand."""
    total = np.zeros(len(batch.size), dtype=np.uint64)
    np.add.at(total, batch.passage, chain(5, batch.norm, batch.place))
    return total


def _shouting(batch: Batch) -> Ints:
    share = np.bincount(batch.passage, weights=batch.shout, minlength=len(batch.size)) / np.maximum(batch.size, 1)
    return (share * 4).astype(np.int64)


@cache
def _bit(name: str) -> np.uint64:
    return np.uint64(1) << np.uint64(lexicon().classes.index(name))


FIRST_SHAPE = KINDS.index("emoji:rise")
_ASK = KINDS.index("ask")
_OPENERS = (
    "none", "end", "comma", "colon", "exclaim", "ask", "dash", "list", "bracket", "quote", "and", "please", "contrast",
    "emoji:sign", "cause", "symbol", "slogan", "emoji:rise", "emoji:other",
)  # fmt: skip
_OPENS = np.isin([*KINDS, "cashtag"], _OPENERS)
_PEOPLE_BITS = np.bitwise_or.reduce([_bit(name) for name in ("i", "we", "you", "everyone", "they")])
_PEOPLE, _MODALS, _LABELS = (np.array([_bit(name) for name in names]) for names in (PEOPLE, MODALS, LABELS))
_NEGATION = _bit("negation")
_CORE = [
    lexicon().groups.index(name)
    for name in ("buy", "add", "enter", "sell", "hold", "short", "avoid", "invest", "trade", "join")
]
_FORM_MASKS = np.array(
    [sum(1 << (len(FORMS) * group + form) for group in _CORE) for form in range(len(FORMS))], dtype=np.uint64
)
