"""What only looks right: words written with other characters, and words crossed out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detector.finding import Edit
from detector.pipeline.disclaimers.change import Change
from detector.pipeline.disclaimers.classing import class_of
from detector.pipeline.disclaimers.find import Occurrence
from detector.pipeline.disclaimers.words import fold, plain_form
from detector.view import View

MARKUP = 40  # characters around a disclaimer in which its markup may open and close
STRIKING = ("~~", "<", "\u0336")
_REVERSING = re.compile("[\u202a-\u202e\u2066-\u2069]+")
_STRUCK = re.compile(
    r"~~(?=\S).{1,2000}?(?<=\S)~~|<(s|del|strike)\b[^<>]*>.{1,2000}?</\1\s*>|[^\W_]\u0336(?:\s?\u0336?[^\W_]\u0336)*",
    re.DOTALL | re.IGNORECASE,
)


def disguises(each: Occurrence, view: View) -> Iterator[Change]:
    """Words that read right only because look-alike or invisible characters were folded away."""
    low, high = view.span(each.start, each.end)
    if view.starts is None or view.source[low:high] == view.text[each.start : each.end]:
        return
    run: list[tuple[int, int, int]] = []
    for pair in [*each.pairs, None]:
        if run and (pair is None or pair[0] != run[-1][0] + 1 or not _is_disguised(each, view, pair)):
            yield _disguise(each, run)
            run = []
        if pair is not None and _is_disguised(each, view, pair):
            run.append(pair)


def _is_disguised(each: Occurrence, view: View, pair: tuple[int, int, int]) -> bool:
    """Whether a word's own characters are not those that it reads as (for a slot: those of its filling)."""
    number, start, end = pair
    low, high = view.span(start, end)
    written, expected = view.source[low:high], each.pattern.words.folded[number]
    if written.lower() == expected:
        return False
    plain = plain_form(written)
    if number in each.pattern.slots:  # a filling may hold white space, a word may not
        plain, expected = "".join(plain.split()), "".join(fold(view.text[start:end]).split())
    return fold(plain) != expected or (expected.isascii() and not plain.isascii())


def _disguise(each: Occurrence, run: list[tuple[int, int, int]]) -> Change:
    words = each.pattern.words
    expected = words.text[words.starts[run[0][0]] : words.ends[run[-1][0]]]
    return Change("disguised", run[0][1], run[-1][2], expected, changes_meaning=False)


def reversals(each: Occurrence, view: View) -> Iterator[Edit]:
    """Controls that make a reader see the characters in another order."""
    start, end = view.span(each.start, each.end)
    for match in _REVERSING.finditer(view.source, max(0, start - 1), end + 1):
        yield Edit("disguised", *match.span(), "", match.group(), changes_meaning=False)


def strikes(each: Occurrence, view: View) -> Iterator[Edit]:
    """Words shown crossed out: to a reader they are gone."""
    words = each.pattern.words
    start, end = view.span(each.start, each.end)
    around = view.source[max(0, start - MARKUP) : end + MARKUP]
    if not any(sign in around for sign in STRIKING):
        return
    for match in _STRUCK.finditer(view.source, max(0, start - MARKUP), end + MARKUP):
        low, high = match.span()
        hit = [pair for pair in each.pairs if low <= view.span(*pair[1:])[0] < high]
        if hit:
            ours = words.folded[hit[0][0] : hit[-1][0] + 1]
            edit_class, meaning = class_of(ours, (), each.pattern.parties)
            expected = words.text[words.starts[hit[0][0]] : words.ends[hit[-1][0]]]
            yield Edit(edit_class, low, high, expected, view.source[low:high], meaning)
