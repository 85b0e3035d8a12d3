"""Registered wordings, compiled for matching."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from detector.pipeline.disclaimers.lexicon import lexicon
from detector.pipeline.disclaimers.words import Words, split_words
from detector.registry import Disclaimer, Registry
from detector.registry.entry import SLOT, Slot

FEWEST_WORDS = 6  # below that, a changed wording cannot be told from another text
SENTENCE_END = re.compile(r"[.!?…。]|\n\s*\n")

FEWEST_ANCHORS = 4
BEGINNING, OPENING = 10, 4  # words
LONGEST_FILLING = 12  # words

Bigram = tuple[str, str]
Pair = tuple[int, Bigram]  # a word's number in a text; it and the next word


@dataclass(frozen=True, slots=True)
class FilledSlot:
    """A slot with its validator ready."""

    name: str
    slot: Slot
    pattern: re.Pattern[str]

    def takes(self, text: str) -> bool:
        """Whether `text` is a valid filling, white space aside."""
        return self.pattern.fullmatch(" ".join(text.split())) is not None


@dataclass(frozen=True, slots=True)
class Pattern:
    """One wording of one version. `slots` maps word numbers to the slots that stand there."""

    entry: Disclaimer
    version: str
    variant: str
    words: Words
    slots: dict[int, FilledSlot]
    bigrams: dict[Bigram, tuple[int, ...]]
    opening: frozenset[Bigram]
    anchors: frozenset[str]
    parties: frozenset[str]
    is_newest: bool
    sentences: tuple[tuple[int, int], ...]  # as word ranges
    sentence_starts: frozenset[int]
    gaps: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many words it has."""
        return len(self.words.folded)

    @property
    def is_exact(self) -> bool:
        """Whether only these very words count."""
        return self.entry.match == "exact" or self.size < FEWEST_WORDS

    def starts_sentence(self, index: int) -> bool:
        """Whether a sentence begins at word `index`."""
        return index in self.sentence_starts


def compile_patterns(registry: Registry) -> list[Pattern]:
    """Every enabled wording of every version; of disabled entries too, which win over worse matches in silence."""
    return [pattern for entry in registry for pattern in _of_entry(entry)]


def compile_wording(
    entry: Disclaimer, wording: str, *, version: str = "", variant: str = "", is_newest: bool = True
) -> Pattern:
    """One wording, ready for matching."""
    words = split_words(wording)
    slots = {
        index: FilledSlot(slot[1], entry.slots[slot[1]], re.compile(entry.slots[slot[1]].pattern, re.IGNORECASE))
        for index, word in enumerate(words.folded)
        if (slot := SLOT.fullmatch(words.text[words.starts[index] : words.ends[index]])) and word
    }
    for index, filled in slots.items():  # a placeholder that an author left as it stands fills nothing
        words.folded[index] = slot_word(filled.name)
    bigrams: dict[Bigram, tuple[int, ...]] = {}
    for index, bigram in enumerate(pairwise(words.folded)):
        bigrams[bigram] = (*bigrams.get(bigram, ()), index)
    gaps = tuple(words.gap(index) for index in range(len(words.folded) - 1))
    starts = [0, *(index for index, gap in enumerate(gaps, 1) if SENTENCE_END.search(gap))]
    return Pattern(
        entry, version, variant, words, slots, bigrams,
        opening=frozenset(pairwise(words.folded[:OPENING])),
        anchors=_anchors(words.folded),
        parties=lexicon().parties | {part for name in entry.parties for part in split_words(name).folded},
        is_newest=is_newest,
        sentences=tuple(pairwise([*starts, len(words.folded)])),
        sentence_starts=frozenset(starts),
        gaps=gaps,
    )  # fmt: skip


def slot_word(name: str) -> str:
    """What stands for a filled slot among a wording's words."""
    return f"\0{{{name}}}"


def _of_entry(entry: Disclaimer) -> Iterator[Pattern]:
    for version in entry.versions:
        for name, variant in version.variants.items():
            if variant.enabled:
                yield compile_wording(
                    entry,
                    variant.wording,
                    version=version.name,
                    variant=name,
                    is_newest=version is entry.versions[-1],
                )


def _anchors(words: list[str]) -> frozenset[str]:
    """Words rare enough in posts to hint at this wording, some of them near its beginning (the rest may be cut off)."""
    plain = {word for word in words if word.isalpha()}
    telling = plain - lexicon().common
    rare = telling - lexicon().frequent
    anchors = rare if len(rare) >= FEWEST_ANCHORS else telling or plain
    beginning = {word for word in words[:BEGINNING] if word.isalpha()}
    if not anchors & beginning:
        anchors = anchors | set(sorted(beginning, key=len)[-2:])
    return frozenset(anchors)
