"""Word knowledge for classing edits and hearing denials; the words are in `lexicon.toml`."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from detector.settings import load_settings


class Denial(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A way to take a disclaimer back: a pattern, and words of which it holds at least one."""

    words: tuple[str, ...]
    pattern: str


class LexiconFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The keys of `lexicon.toml`."""

    negators: str
    negating_prefixes: str
    limiters: str
    modals: str
    hedges: str
    quantities: str
    parties: str
    light: str
    common: str
    frequent: str
    synonyms: tuple[str, ...]
    opposites: tuple[str, ...]
    lookalikes: tuple[str, ...]
    more: tuple[str, ...]
    denials: tuple[Denial, ...]
    retorts: str


class Lexicon:
    """The same, ready for look-ups."""

    def __init__(self, words: LexiconFile) -> None:
        self.negators = frozenset(words.negators.split())
        self.limiters = frozenset(words.limiters.split())
        self.prefixes = tuple(words.negating_prefixes.split())
        self.modals = frozenset((words.modals + " " + words.hedges).split())
        self.quantities = frozenset(words.quantities.split())
        self.parties = frozenset(words.parties.split())
        self.light = frozenset(words.light.split())
        self.common = frozenset(words.common.split())
        self.frequent = frozenset(words.frequent.split())
        self.synonyms = frozenset(pair for group in words.synonyms for pair in _pairs(group))
        self.opposites = frozenset(pair for group in words.opposites for pair in _pairs(group))
        self.lookalikes = frozenset(pair for group in words.lookalikes for pair in _pairs(group))
        self.denials = tuple((each.words, re.compile(each.pattern, re.IGNORECASE)) for each in words.denials)
        self.denial_words = tuple(dict.fromkeys(word for each in words.denials for word in each.words))
        self.retorts = re.compile(words.retorts, re.IGNORECASE)
        more, dots = "|".join(words.more).replace(" ", r"\s+"), r"(?:\.{2,}|…)"
        self._cut = re.compile(
            rf"[\s)\"'%,;:–—-]*(?:{dots}(?:\s*[\[(]?(?:{more}|more)\b[\])]?|\s?\[…?\])?|[\[(]?\s*(?:{more})\b\s*[\])]?{dots}?)",
            re.IGNORECASE,
        )

    def cut_end(self, text: str, at: int) -> int | None:
        """Where a mark of cutting ("…", "see more") that begins at `at` ends; None without one."""
        mark = self._cut.match(text, at)
        return mark.end() if mark else None


def _pairs(group: str) -> list[tuple[str, str]]:
    words = group.split()
    return [(one, other) for one in words for other in words if one != other]


@cache
def lexicon() -> Lexicon:
    """The shipped words, read once."""
    path = Path(str(files("detector"))) / "pipeline" / "disclaimers" / "lexicon.toml"
    return Lexicon(load_settings(LexiconFile, path))
