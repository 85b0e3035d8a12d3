"""Words of the author's that share a sentence with a disclaimer, and so become part of what it says."""

from __future__ import annotations

import re

from detector.pipeline.disclaimers.change import Change
from detector.pipeline.disclaimers.classing import class_of, expanded
from detector.pipeline.disclaimers.lexicon import lexicon
from detector.pipeline.disclaimers.patterns import Pattern
from detector.pipeline.disclaimers.words import split_words

LONGEST = 160  # characters of a sentence that a disclaimer was put into
_SENTENCE_START = re.compile(r"[^.!?…:;,\n–—\"“”()|>*_]*\Z")
_RUNS_ON = re.compile(
    r"(?:[ \t]*(?:[,;–—]|--?)[ \t]*\(?|[ \t]+\(?(?=[^\W\d_A-Z]))(?=[^\W\d_])[^.!?…\n]{1,160}(?<=[^\W_]|[)\"'%])"
)
_GOVERNS = frozenset({"that", "whether", "if", "when", "until", "than", "like"})


def lead_in(text: str, start: int, pattern: Pattern) -> Change | None:
    """The words of a sentence that leads into the disclaimer at `start`.

    It does when its last word governs what follows ("it is false that …", "no …"), or when the disclaimer
    goes on in small letters what began with a capital.
    """
    if text[start - 1 : start] not in {" ", "\t"}:
        return None
    match = _SENTENCE_START.search(text, max(0, start - LONGEST), start)
    before = match.group().strip() if match else ""
    words = split_words(before).folded
    if match is None or not words or 0 < match.start() == start - LONGEST:
        return None
    last = expanded(words[-1:])[-1]
    governs = last in _GOVERNS or last in lexicon().negators or last in lexicon().modals
    goes_on = text[start].islower() and pattern.words.text[:1].isupper() and before[:1].isupper()
    return _added(text.index(before, match.start()), before, pattern) if governs or goes_on else None


def run_on(text: str, end: int, pattern: Pattern) -> Change | None:
    """The words by which a sentence goes on behind the disclaimer that ends at `end`."""
    match = _RUNS_ON.match(text, end)
    if match is None:
        return None
    added = match.group().strip()
    return _added(text.index(added, end), added, pattern)


def _added(start: int, words: str, pattern: Pattern) -> Change:
    edit_class, changes_meaning = class_of((), split_words(words).folded, pattern.parties)
    return Change(edit_class, start, start + len(words), "", changes_meaning)
