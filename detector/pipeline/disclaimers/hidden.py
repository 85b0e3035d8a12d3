"""What would be read if nothing were hidden."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection

from detector.pipeline.disclaimers.find import Occurrence
from detector.view import View


def unhidden(view: View) -> View:
    """The text as it would read if nothing were hidden."""
    starts = view.starts if view.starts is not None else range(len(view.text))
    ends = view.ends if view.ends is not None else range(1, len(view.text) + 1)
    text: list[str] = []
    whole_starts: list[int] = []
    whole_ends: list[int] = []
    last = 0
    for hidden in sorted(view.hidden, key=lambda each: each.start):
        at = max(last, bisect_left(starts, hidden.start))
        shown = f" {hidden.text} "
        text += view.text[last:at], shown
        whole_starts += [*starts[last:at], *[hidden.start] * len(shown)]
        whole_ends += [*ends[last:at], *[hidden.end] * len(shown)]
        last = at
    return View(
        view.source,
        "".join([*text, view.text[last:]]),
        [*whole_starts, *starts[last:]],
        [*whole_ends, *ends[last:]],
    )


def is_partly_hidden(each: Occurrence, whole: View, stretches: Collection[tuple[int, int]]) -> bool:
    """Whether any of its words stand in one of the hidden `stretches` of the source."""
    return any(whole.span(start, end) in stretches for _, start, end in each.pairs)
