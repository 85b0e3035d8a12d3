"""Changes around a passage: cut it out, mark it as a quotation, let it stand with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from detector.finding import Finding, Fix
from detector.fixes.clauses import data
from detector.fixes.offer import Action, Offer
from detector.fixes.rewording import shortened
from detector.post import Post
from detector.suppressions import ANYWHERE, comment

_BULLET = re.compile(r"[ \t]*(?:(?:[-*+•]|\d{1,2}[.)])[ \t]+)?")
_BLANK_LINES = re.compile(r"(?:[ \t]*\r?\n)+")
_ENDS_BLANK = re.compile(r"\n[ \t]*\r?\n\Z")
_QUOTE = "> "
_OPENING_TAG = re.compile(r"<(?P<name>p|li|div|h[1-6]|blockquote)\b[^<>]*>\s*\Z", re.IGNORECASE)
_LONGEST_TAG = 500
_QUOTATION = "Mark as a quotation (if these are someone else's words)"


def without(text: str, start: int, end: int) -> Fix:
    """Cut `start:end` out, with the white space (a bullet, an empty line) that would be left over."""
    line_start, line_end = _line(text, start, end)
    lead = _BULLET.match(text, line_start, start)
    if lead is not None and lead.end() == start and not text[end:line_end].strip():
        return Fix("", *_without_lines(text, line_start, line_end), "")
    if text[end : end + 1] in (" ", "\t") and (start == line_start or text[start - 1].isspace()):
        end += 1
    elif start > line_start and text[start - 1] in " \t" and (end == line_end or not text[end].isalnum()):
        start -= 1
    return Fix("", start, end, "")


def _without_lines(text: str, start: int, end: int) -> tuple[int, int]:
    """What goes with whole lines: their own end, and one of the gaps between which they stand."""
    found = text.find("\n", end)
    after = len(text) if found < 0 else found + 1
    head, tail = text[:start], text[after:]
    if not tail.strip():
        return len(head.rstrip()), max(end, len(text.rstrip()))
    blank = _BLANK_LINES.match(tail)
    if not head.strip() or _ENDS_BLANK.search(head):
        after += blank.end() if blank else 0
    return start, after


def passage_offers(finding: Finding, post: Post) -> Iterator[Offer]:
    """Remove the passage, or mark it as someone else's words."""
    field = (post.title or "") if finding.field == "title" else post.text
    around = element(field, finding.start, finding.end) if post.format == "html" else None
    cut = Fix("", *around, "") if around else without(field, finding.start, finding.end)
    if field[: cut.start].strip() or field[cut.end :].strip():
        title = f"Remove “{shortened(finding.text)}”"
        yield Offer(Action.REMOVE, replace(cut, title=title), finding.field)
    if finding.field == "text":
        quotation = _html_quotation(finding, post.text) if post.format == "html" else _quotation(finding, post)
        if quotation is not None:
            yield Offer(Action.QUOTE, quotation)


def _quotation(finding: Finding, post: Post) -> Fix:
    """The passage as a block quotation; the text before and behind it becomes paragraphs of their own."""
    text = post.text
    line = "\r\n" if "\r\n" in text else "\n"
    line_start, line_end = _line(text, finding.start, finding.end)
    lead = _BULLET.match(text, line_start, finding.start)
    is_opening = lead is not None and lead.end() == finding.start
    start, end = finding.start, finding.end
    before = after = ""
    if is_opening:
        start = line_start
        if line_start and text[:line_start].rstrip(" \t\r").endswith("\n") and not _is_blank_before(text, line_start):
            before = line
    else:
        start = len(text[:start].rstrip(" \t"))
        before = line * 2
    rest = text[end:line_end]
    if rest.strip():
        end += len(rest) - len(rest.lstrip(" \t"))
        after = line * 2
    elif text[line_end + 1 : line_end + 2].strip():
        after = line
    quoted = line.join(_QUOTE + one for one in finding.text.splitlines())
    return Fix(_QUOTATION, start, end, before + quoted + after)


def element(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The HTML block that holds just `start:end`, tags included; None where more stands in it."""
    opening = _OPENING_TAG.search(text, max(0, start - _LONGEST_TAG), start)
    closing = opening and re.compile(rf"\s*</{opening['name']}\s*>", re.IGNORECASE).match(text, end)
    return (opening.start(), closing.end()) if opening and closing else None


def _html_quotation(finding: Finding, text: str) -> Fix | None:
    """A block of its own as a block quotation; part of a paragraph cannot be one."""
    around = element(text, finding.start, finding.end)
    if around is None:
        return None
    whole = text[around[0] : around[1]]
    if not re.match("<p", whole, re.IGNORECASE):
        return None
    return Fix(_QUOTATION, *around, f"<blockquote>{whole}</blockquote>")


def _is_blank_before(text: str, line_start: int) -> bool:
    return not text[:line_start].split("\n")[-2].strip() if line_start else True


def suppression_offers(finding: Finding, post: Post) -> Iterator[Offer]:
    """A comment beside the passage, with each of the ready reasons; the author can write another."""
    if post.format == "plain" or finding.field != "text" or finding.rule == "suppression":
        return
    line = "\r\n" if "\r\n" in post.text else "\n"
    for reason in data()["reasons"]:
        words = comment([finding.rule], reason["words"])
        at, written = _comment_place(finding, post, words, line)
        yield Offer(Action.SUPPRESS, Fix(f"Let it stand: “{reason['words']}”", at, at, written))


def _comment_place(finding: Finding, post: Post, words: str, line: str) -> tuple[int, str]:
    text = post.text
    if finding.rule == ANYWHERE:
        at = len(text.rstrip())
        return at, (line * 2 if at else "") + words
    line_start, line_end = _line(text, finding.start, finding.end)
    if post.format == "html":
        return finding.end, f" {words}"
    if "\n" in finding.text:
        return line_start, words + line
    return line_start + len(text[line_start:line_end].rstrip()), f" {words}"


def _line(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the line of `start` begins, and where that of `end` ends (before a carriage return)."""
    found = text.find("\n", end)
    line_end = len(text) if found < 0 else found
    return text.rfind("\n", 0, start) + 1, line_end - (text[line_end - 1 : line_end] == "\r" and line_end > end)
