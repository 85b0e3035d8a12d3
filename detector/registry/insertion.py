"""Where a policy wants a disclaimer that is missing: the places to try, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from detector.finding import Fix
from detector.policy import Placement
from detector.post import TextFormat
from detector.registry.placement import LINK

TITLE = "Insert the standard disclaimer"
_PARAGRAPH_BEFORE = re.compile(r"\n[ \t\r]*\n")
_HEADING = re.compile(r"\s*#{1,6}[ \t][^\n]*\n+")
_SIGNATURE = re.compile(r"^--[ ]?\r?$", re.MULTILINE)
_BODY_END = re.compile(r"\s*(?:</(?:body|html|main)\s*>\s*)+\Z", re.IGNORECASE)
_BODY_START = re.compile(r"<body\b[^<>]*>\s*", re.IGNORECASE)
_MARKS = re.compile(r"([\\`*_<\[])")


def insertions(
    text: str, wording: str, *, placement: Placement, text_format: TextFormat = "plain", begin: int = 0
) -> Iterator[Fix]:
    """Ways to put `wording` into `text` as a paragraph of its own, with the text's own line ends.

    `begin`: where the text proper begins, behind front matter. Markup of the wording's own is escaped.
    Whether a place serves (it may lie inside a quotation that never ends) only a new check can say.
    """
    written = as_markup(wording, text_format)
    line = "\r\n" if "\r\n" in text else "\n"
    for at in dict.fromkeys(_places(text, placement, text_format, begin)):
        if text_format == "html":
            yield Fix(TITLE, at, at, _as_block(text, written, at=at, line=line))
        else:
            yield Fix(TITLE, at, at, _as_paragraph(text, written, at=at, line=line, begin=begin))


def as_markup(wording: str, text_format: TextFormat) -> str:
    """The wording as the format has to write it, so that readers see exactly it."""
    if text_format == "html":
        return escape(wording, quote=False)
    return _MARKS.sub(r"\\\1", wording) if text_format == "markdown" else wording


def _places(text: str, placement: Placement, text_format: TextFormat, begin: int) -> Iterator[int]:
    link = LINK.search(text, begin) if placement.before_first_link else None
    first = placement.within_first is not None or (link is not None and not placement.at_end)
    if not first:
        yield from _at_end(text, text_format)
    if link is not None and text_format != "html":
        yield max((match.end() for match in _PARAGRAPH_BEFORE.finditer(text, begin, link.start())), default=begin)
    yield from _at_start(text, text_format, begin)
    if first:
        yield from _at_end(text, text_format)


def _at_end(text: str, text_format: TextFormat) -> Iterator[int]:
    if text_format == "html" and (closing := _BODY_END.search(text)):
        yield closing.start()
    yield len(text.rstrip())
    if signature := _SIGNATURE.search(text):
        yield len(text[: signature.start()].rstrip())


def _at_start(text: str, text_format: TextFormat, begin: int) -> Iterator[int]:
    if text_format == "markdown" and (heading := _HEADING.match(text, begin)):
        yield heading.end()
    opening = _BODY_START.search(text) if text_format == "html" else None
    yield opening.end() if opening else begin


def _as_paragraph(text: str, written: str, *, at: int, line: str, begin: int) -> str:
    before = text[begin:at]
    lead = "" if not before.strip() or _ends_paragraph(before) else line * (1 if before.endswith("\n") else 2)
    trail = line * 2 if text[at:].strip() and not text[at:].lstrip(" \t").startswith(("\n\n", "\r\n\r\n")) else ""
    return lead + written + trail


def _as_block(text: str, written: str, *, at: int, line: str) -> str:
    """An element of its own; on a line of its own where the text has lines."""
    gap = line if "\n" in text else ""
    return (gap if text[:at].strip() else "") + f"<p>{written}</p>" + (gap if text[at:].strip() else "")


def _ends_paragraph(before: str) -> bool:
    return _PARAGRAPH_BEFORE.search(before[len(before.rstrip()) :]) is not None
