"""Passages that the detector missed, as a moderator quotes them from a post's text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from detector.reading import RECOMMENDATION_KINDS, TARGETS
from detector.service.console.access import Act
from detector.service.console.views import whole_text
from detector.service.problems import Problem
from detector.service.store.queue import Stored
from detector.service.store.records import Label

ROWS = 3
MISSABLE = (*RECOMMENDATION_KINDS, "forecast", "platform")  # what some policy reports
SENTENCE = re.compile(r"[^.!?\n]*\S[^.!?\n]*[.!?]*")
SHOWN = 60


def missed_labels(act: Act, post: Stored, known: Sequence[Label]) -> tuple[Label, ...]:
    """What was quoted, as labels beside the `known` ones. Raises `Problem` for what does not stand in the text."""
    found = list(known)
    for number in range(1, ROWS + 1):
        if words := act.field(f"missed-{number}"):
            kind, target = act.field(f"missed-kind-{number}"), act.field(f"missed-target-{number}") or None
            if kind not in MISSABLE or (target and target not in TARGETS):
                raise Problem(422, "no_kind", "Say of which kind the missed passage is.")
            start, end = _place(words, whole_text(post), found)
            found.append(Label(start, end, kind, target if kind in RECOMMENDATION_KINDS else None))
    return tuple(found[len(known) :])


def sentences(post: Stored) -> list[str]:
    """Sentences of the text, roughly, to choose from instead of typing."""
    return list(dict.fromkeys(found[0].strip() for found in SENTENCE.finditer(whole_text(post) or "")))


def _place(words: str, whole: str | None, taken: Sequence[Label]) -> tuple[int, int]:
    """The first place where the words stand and nothing is labelled yet."""
    shown = words if len(words) <= SHOWN else words[: SHOWN - 1] + "…"
    if whole is None:
        raise Problem(422, "no_text", "The text is not kept, so that no passage can be found in it.")
    places = list(_places(words, whole))
    if not places:
        raise Problem(422, "no_passage", f"“{shown}” does not stand in the text.")
    free = [place for place in places if not any(place[0] < each.end and each.start < place[1] for each in taken)]
    if not free:
        raise Problem(422, "no_passage", f"“{shown}” was found already: correct its span or kind instead.")
    return free[0]


def _places(words: str, whole: str) -> Iterator[tuple[int, int]]:
    """Where the words stand; a form turns line breaks into spaces."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    yield from (found.span() for found in re.finditer(pattern, whole))
