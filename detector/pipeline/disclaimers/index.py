"""Which registered wordings a text may hold: a cheap test for every text, a proper one for the few that pass."""

from __future__ import annotations

import re
import string
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from detector.pipeline.disclaimers.patterns import Bigram, Pair, Pattern
from detector.pipeline.disclaimers.words import CJK, Words

# UTF-8 bytes: ASCII letters lowered, digits kept, all else is a word's end.
_KEPT = string.ascii_lowercase + string.digits
_TABLE = bytes(ord(char) if (char := chr(byte).lower()) in _KEPT else ord(" ") for byte in range(256))
_IDEOGRAPH = re.compile(f"[{CJK}]")
FEWEST_BIGRAMS = 3
LONG_RUN = 13
MOST_ALIKE, ALIKE = 6, 0.8  # of many nearly equal wordings, this many are aligned


class Index:
    """All wordings, found by their words. The cost for an ordinary text does not grow with their number."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._patterns: list[Pattern] = []
        self._by_bigram: dict[Bigram, list[int]] = defaultdict(list)
        self._phrases: dict[bytes, dict[bytes, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._exact: dict[str, list[Pattern]] = defaultdict(list)
        self._exact_phrases: dict[bytes, list[bytes]] = defaultdict(list)
        ideographs: set[str] = set()
        for pattern in patterns:
            if not pattern.is_exact:
                self._add_changeable(pattern)
            else:
                self._exact[pattern.words.folded[0]].append(pattern)
                words = _byte_words(pattern.words.text)
                if _IDEOGRAPH.search(pattern.words.text):
                    ideographs.add(pattern.words.text)
                elif words:
                    anchors = [anchor.encode() for anchor in pattern.anchors]
                    self._exact_phrases[max(anchors or words, key=len)].append(_phrase(words))
        self._anchors = frozenset(self._phrases) | frozenset(self._exact_phrases)
        self._ideographs = re.compile("|".join(map(re.escape, sorted(ideographs)))) if ideographs else None

    def _add_changeable(self, pattern: Pattern) -> None:
        number = len(self._patterns)
        self._patterns.append(pattern)
        for bigram in pattern.bigrams:
            self._by_bigram[bigram].append(number)
        anchors = {anchor.encode() for anchor in pattern.anchors}
        words = _byte_words(pattern.words.text)
        for pair in set(pairwise(words)):
            for anchor in anchors.intersection(pair):
                self._phrases[anchor][_phrase(pair)].append(number)

    def may_hold(self, text: str) -> bool:
        """The cheap test: two word pairs of one wording, each with a telling word.

        False for nearly every text without a disclaimer, and not for one with.
        """
        words = _byte_words(text)
        hits = self._anchors.intersection(words)
        if hits and self._holds_phrases(hits, _phrase(words)):
            return True
        return self._ideographs is not None and not text.isascii() and self._ideographs.search(text) is not None

    def _holds_phrases(self, hits: frozenset[bytes], joined: bytes) -> bool:
        seen: set[bytes] = set()
        once: set[int] = set()
        for hit in hits:
            if any(phrase in joined for phrase in self._exact_phrases.get(hit, ())):
                return True
            for phrase, numbers in self._phrases.get(hit, _NO_PHRASES).items():
                if phrase not in seen and phrase in joined:
                    if not once.isdisjoint(numbers):
                        return True
                    seen.add(phrase)
                    once.update(numbers)
        return False

    def changed(self, words: Words) -> tuple[list[Pattern], list[Pair]]:
        """The wordings of which the text may hold a changed form (of many alike the nearest few), and
        the word pairs by which it does."""
        pairs = [pair for pair in enumerate(pairwise(words.folded)) if pair[1] in self._by_bigram]
        present = {bigram for _, bigram in pairs}
        counts = Counter(number for bigram in present for number in self._by_bigram[bigram])
        kept: list[tuple[Pattern, set[Bigram]]] = []
        for number, count in counts.most_common():
            if count < FEWEST_BIGRAMS:
                break
            pattern = self._patterns[number]
            if not _may_do(pattern, count, present):
                continue
            bigrams = pattern.bigrams.keys() & present
            if sum(len(bigrams & other) >= ALIKE * count for _, other in kept) < MOST_ALIKE:
                kept.append((pattern, bigrams))
        return [pattern for pattern, _ in kept], pairs

    def exact(self, words: Words) -> Iterator[tuple[Pattern, int]]:
        """Exact wordings and the number of their first word, the longest at each place."""
        folded = words.folded
        for index in [index for index, word in enumerate(folded) if word in self._exact]:
            fitting = [
                pattern
                for pattern in self._exact[folded[index]]
                if folded[index : index + pattern.size] == pattern.words.folded
            ]
            if fitting:
                yield max(fitting, key=lambda pattern: pattern.size), index


def _may_do(pattern: Pattern, count: int, present: set[Bigram]) -> bool:
    """Whether `count` word pairs could be enough for `clusters`: a quarter, a long run, or the beginning."""
    return count >= LONG_RUN or 4 * count >= pattern.size or present.issuperset(pattern.opening)


_NO_PHRASES: dict[bytes, list[int]] = {}


def _byte_words(text: str) -> list[bytes]:
    return text.encode("utf-8", "replace").translate(_TABLE).split()


def _phrase(words: Sequence[bytes]) -> bytes:
    """Words with a space around each, so that a phrase is found by its bytes."""
    return b" " + b" ".join(words) + b" "
