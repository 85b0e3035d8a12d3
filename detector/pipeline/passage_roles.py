"""Whose words a passage is: the author's claim, or a quote, code, a link, a disclaimer, the platform's text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from detector.reading import DisclaimerReading, Passage, PassageRole
from detector.view import View
from detector.view.markdown import code_fences

Span = tuple[int, int]
Stretch = tuple[int, int, PassageRole]  # of a doc's text: what is not the author's claim

_QUOTE_LINE = re.compile(r"^[ \t]*+>(?![ \t>]*+[$€£\d=<.]).*$", re.MULTILINE)  # not "> 200" or ">$5"
_SPEECH = re.compile(r"(?=[“\"])(?:“[^“”\n]{30,}+”|(?<!\w)\"(?=\w)[^\"\n]{30,}+\"(?!\w))")
_SPEAKS = "(?:said|says|say|wrote|writes|tweets|tweeted|asks|asked|tells|told|quotes|quoted|stated|notes|noted|added)"
_BB_QUOTE = re.compile(r"\[(?:(/)quote|quote(?:=[^\]\n]{0,200})?)\]", re.IGNORECASE)
_SPEAKER_BEFORE = re.compile(rf"(?:\b(?:{_SPEAKS}|according to)\b[^.“\"\n]{{0,40}}|:\s*)\Z", re.IGNORECASE)
_SPEAKS_SELF = re.compile(r"\b(?:I|we)\s+(?:\w+\s+)?\Z", re.IGNORECASE)
_SPEAKER_AFTER = re.compile(rf"[\s,]*(?:[-–—~]\s*@?[A-Z]|(?:[\w.]+\s+){{0,4}}{_SPEAKS}\b)")
# Indented or in backticks, and with the signs of a programming language: traders' signals stand in backticks too.
_SIGN, _OTHER = r"[{}();=\[\]]", r"[^{}();=\[\]\n`]*+"
_CODE_LINE = re.compile(rf"^(?: {{4,}}+|\t++)(?={_OTHER}{_SIGN}{_OTHER}{_SIGN}).*$", re.MULTILINE)
_CODE_SPAN = re.compile(rf"`(?={_OTHER}{_SIGN}{_OTHER}{_SIGN})[^`\n]++`")
_LINK = re.compile(r"[(<\[]*(?:https?://|www\.)\S+(?:\s+[(<\[]*(?:https?://|www\.)\S+)*")
_MOST, _MOST_OF_A_QUOTE = 0.5, 0.9


def stretches(text: str, spans: Iterable[Span]) -> list[Stretch]:
    """The quotes, the code and the bare links in a text that is cut into `spans`."""
    return with_wide_stretches(text, line_stretches(text, spans))


def line_stretches(text: str, spans: Iterable[Span]) -> tuple[list[Stretch], list[Stretch]]:
    """Those that no other line decides: quoted lines, and then code and bare links."""
    quotes: list[Stretch] = []
    others: list[Stretch] = []
    if ">" in text:
        quotes += ((*match.span(), "quote") for match in _QUOTE_LINE.finditer(text))
    if "    " in text or "\t" in text:
        others += ((*match.span(), "code") for match in _CODE_LINE.finditer(text))
    if "`" in text:
        others += ((*match.span(), "code") for match in _CODE_SPAN.finditer(text))
    if "http" in text or "www." in text:
        others += (
            (start, end, "link") for start, end in spans if text[start] in "hw(<[" and _LINK.fullmatch(text, start, end)
        )
    return quotes, others


def with_wide_stretches(text: str, within: Sequence[Sequence[Stretch]]) -> list[Stretch]:
    """Those of `line_stretches` with what may reach over lines: fenced code, and speech whose speaker stands before."""
    quotes, others = within
    found: list[Stretch] = [(start, end, "code") for start, end in code_fences(text)]
    found += quotes
    if "“" in text or '"' in text:
        found += ((start, end, "quote") for start, end in _attributed_speech(text))
    found += others
    return found


def bb_quotes(text: str) -> Iterator[Span]:
    """The outermost `[quote=…] … [/quote]` of forums, marks included; what is never closed quotes nothing."""
    opened: list[int] = []
    if "[/" not in text:
        return
    for mark in _BB_QUOTE.finditer(text):
        if not mark[1]:
            opened.append(mark.start())
        elif opened:
            start = opened.pop()
            if not opened:
                yield start, mark.end()


def _attributed_speech(text: str) -> Iterator[Span]:
    """Long quotations with a speaker named beside them; without one they may be the author's own words.

    What names the speaker belongs to the quotation, unless authors quote themselves.
    """
    for match in _SPEECH.finditer(text):
        start, end = match.span()
        before, after = (
            _SPEAKER_BEFORE.search(text, max(0, start - 70), start),
            _SPEAKER_AFTER.match(text, end, end + 60),
        )
        if before and not _SPEAKS_SELF.search(text, max(0, before.start() - 20), before.start()):
            start = before.start()
        if before or after:
            yield start, after.end() if after else end


def standard_disclaimers(readings: Iterable[DisclaimerReading], view: View | None) -> Iterator[Stretch]:
    """Where registered wording stands, without what someone inserted into it."""
    for reading in readings:
        if reading.standard:
            start = reading.start
            inserted = sorted((edit.start, edit.end) for edit in reading.edits if edit.edit_class == "inserted")
            for hole_start, hole_end in (*inserted, (reading.end, reading.end)):
                if start < hole_start:
                    yield _in_view(start, view), _in_view(hole_start, view), "disclaimer"
                start = max(start, hole_end)


def _in_view(offset: int, view: View | None) -> int:
    """The first offset of the view's text whose source is at or after `offset`."""
    return offset if view is None or view.starts is None else bisect_left(view.starts, offset)


def passages_with_roles(spans: Sequence[Span], found: Sequence[Stretch]) -> tuple[Passage, ...]:
    """Give each span the role of the stretches that cover most of it; only a quote has to cover it all."""
    if not found:
        return tuple([Passage(start, end) for start, end in spans])
    covered: defaultdict[tuple[int, PassageRole], int] = defaultdict(int)
    starts = [start for start, _ in spans]
    for start, end, role in found:
        for index in range(max(0, bisect_right(starts, start) - 1), bisect_left(starts, end)):
            covered[index, role] += max(0, min(end, spans[index][1]) - max(start, spans[index][0]))
    roles: dict[int, PassageRole] = {}
    for (index, role), characters in covered.items():
        share = characters / (spans[index][1] - spans[index][0])
        if share > (_MOST_OF_A_QUOTE if role == "quote" else _MOST):
            roles.setdefault(index, role)
    return tuple(Passage(start, end, roles.get(index, "claim")) for index, (start, end) in enumerate(spans))
