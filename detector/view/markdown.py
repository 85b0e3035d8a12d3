"""Inline markdown marks that a reader does not see: emphasis, escapes, link targets, spoilers.

Headings, bullets, quotes and code fences stay, for the passages component to read. Plain text often
holds markdown too (exports of Reddit or Discord), so it is read as well, but only where a mark cannot
be arithmetic, a footnote star, a name such as `a_b` or an apostrophe.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from detector.view.draft import Edit

_NO_MARK = re.compile(r"[^*`\\~|\[\]<_]*+")
_ANY_MARK = re.compile(
    r"(?=[*`\\~|\[\]<_])(?:[*`\\]|~~|\|\||\]\(|(?<=!)<|<http|\b_|_\b|\[/spoiler|<!--|\[(?://|comment))", re.IGNORECASE
)
_FENCE = re.compile(r"^ {0,3}(```|~~~)[^`\n]*+\n[\s\S]*?(?:^ {0,3}\1[`~]*+[ \t\r]*$|\Z)", re.MULTILINE)
_ANY_TARGET = r"[^\s()<>]*+(?:\([^\s()<>]*+\)[^\s()<>]*+)*+"
_WEB_TARGET = rf"(?=https?://|www\.|mailto:|[/\#]){_ANY_TARGET}"
_NAME_SIGNS = frozenset("@#$&=%+^/\\")  # `@_name_` is a name
_TOKENS = r"""(?=[`\\\]!\[<:*_~>|\n-])(?:
  {more}  (?P<code>(?<![`\w])`[^`\n]++`(?![`\w]))
  | (?P<escape>\\[{escapable}])
  | (?P<target>\]\([ \t]*+(?:<[^<>\n]*+>|{target})(?:[ \t]++(?:"[^"\n]*+"|'[^'\n]*+'))?[ \t]*+\))
  | (?P<image>!\[) | (?P<spoil>>!(?=\S)|\[spoiler(?:=[^\]\n]*+)?\]) | (?P<unspoil>!<|\[/spoiler\])
  | (?P<bracket>\[) | (?P<unbracket>\])
  | (?P<autolink><(?=https?://)[^\s<>]++>) | (?P<url>://[^\s<>()\[\]*~|]++)
  | (?P<marks>\*++|_++|~~++) | (?P<bars>(?<!\|)\|\|(?!\|))
  | (?P<paragraph>\n[ \t\r>]*+\n) | (?P<line>\n)
)
"""
_COMMENTS = r"(?P<comment><!--) | (?P<uncomment>-->) | (?P<note>^\[(?://|comment)\]:[^\n]*+) |"
_FLAGS = re.VERBOSE | re.MULTILINE | re.IGNORECASE
_IN_PLAIN = re.compile(_TOKENS.format(escapable=r"-*_~\#>.+&|()\[\]!`", target=_WEB_TARGET, more=""), _FLAGS)
_IN_MARKDOWN = re.compile(_TOKENS.format(escapable=r"!-/:-@\[-`{-~", target=_ANY_TARGET, more=_COMMENTS), _FLAGS)


def has_marks(text: str) -> bool:
    """A quick look: False when no mark could be found in `text`."""
    return _NO_MARK.fullmatch(text) is None and _ANY_MARK.search(text) is not None


class Unseen(NamedTuple):
    """A stretch of the text in hand that the markup hides, and why."""

    start: int
    end: int
    reason: str


class Inline:
    """One left to right reading of inline marks: what to delete, and what is hidden."""

    def __init__(self, text: str, *, is_markdown: bool) -> None:
        self.text = text
        self.is_markdown = is_markdown
        self.deleted: list[tuple[int, int]] = []
        self.hidden: list[Unseen] = []
        self._openers: dict[str, list[tuple[int, int]]] = {"*": [], "_": [], "~": []}
        self._brackets: list[tuple[int, bool]] = []
        self._open: dict[str, tuple[int, int]] = {}  # spoilers and comments that wait for their end
        tokens = _IN_MARKDOWN if is_markdown else _IN_PLAIN
        for start, end in _outside_code(text):
            for match in tokens.finditer(text, start, end):
                self._read(match.lastgroup or "", match.start(), match.end())

    def edits(self) -> Iterator[Edit]:
        """The deletions in order, overlapping ones joined."""
        last_start, last_end = 0, 0
        for start, end in sorted(self.deleted):
            if start > last_end:
                if last_end > last_start:
                    yield Edit(last_start, last_end, "")
                last_start = start
            last_end = max(end, last_end)
        if last_end > last_start:
            yield Edit(last_start, last_end, "")

    def _read(self, kind: str, start: int, end: int) -> None:
        match kind:
            case "marks":
                self._marks(start, end)
            case "escape":
                self.deleted.append((start, start + 1))
            case "code" | "autolink":
                self.deleted += (start, start + 1), (end - 1, end)
            case "image" | "bracket":
                self._brackets.append((start, kind == "image"))
            case "target" | "unbracket":
                self._close_bracket(start, end, is_link=kind == "target")
            case "spoil" | "comment":
                self._open.setdefault(kind, (start, end))
            case "unspoil" | "uncomment":
                self._hide(kind[2:], start, end)
            case _:
                self._read_rest(kind, start, end)

    def _read_rest(self, kind: str, start: int, end: int) -> None:
        match kind:
            case "bars":
                self._bars(start, end)
            case "note":
                self.deleted.append((start, end))
                self.hidden.append(Unseen(start, end, "comment"))
            case "paragraph" | "line":
                self._break(is_paragraph=kind == "paragraph")
            case _:  # a URL, which may hold marks that are none
                pass

    def _break(self, *, is_paragraph: bool) -> None:
        """In plain text marks end with their line, in markdown with their paragraph."""
        self._open.pop("bars", None)
        if is_paragraph:
            self._open.pop("spoil", None)
            self._brackets.clear()
        if is_paragraph or not self.is_markdown:
            for openers in self._openers.values():
                openers.clear()

    def _close_bracket(self, start: int, end: int, *, is_link: bool) -> None:
        if not self._brackets:
            return
        opener, is_image = self._brackets.pop()
        if is_link and is_image:
            self.deleted.append((opener, end))
            self.hidden.append(Unseen(opener + 2, start, "alt"))
        elif is_link:
            self.deleted += (opener, opener + 1), (start, end)

    def _hide(self, kind: str, start: int, end: int) -> None:
        if opened := self._open.pop(kind, None):
            self.deleted.append((opened[0], end))
            self.hidden.append(Unseen(opened[1], start, "comment" if kind == "comment" else "spoiler"))

    def _bars(self, start: int, end: int) -> None:
        before, after = self.text[start - 1 : start], self.text[end : end + 1]
        if "bars" in self._open and before.strip() and not after.isalnum():
            self._hide("bars", start, end)
        elif after.strip() and not before.isalnum():
            self._open["bars"] = (start, end)

    def _marks(self, start: int, end: int) -> None:
        """Pair a run of `*`, `_` or `~` with the runs before it that it can close."""
        before, after = self.text[start - 1 : start] if start else "", self.text[end : end + 1]
        openers = self._openers[self.text[start]]
        inside_word = before.isalnum() and after.isalnum()
        if inside_word and (not self.is_markdown or self.text[start] != "*" or before.isdigit()):
            return
        if before.strip() and (inside_word or not after.isalnum()):
            while openers and start < end:
                opener, length = openers.pop()
                paired = min(length, end - start)
                self.deleted += (opener + length - paired, opener + length), (start, start + paired)
                start += paired
                if length > paired:
                    openers.append((opener, length - paired))
        can_open = after.strip() and after not in ".,;:!?)]}" and before not in _NAME_SIGNS
        if start < end and can_open and (inside_word or not before.isalnum()):
            openers.append((start, end - start))


def code_fences(text: str) -> list[tuple[int, int]]:
    """The stretches of fenced code blocks, fences included; one that never closes runs to the end."""
    if "```" not in text and "~~~" not in text:
        return []
    return [fence.span() for fence in _FENCE.finditer(text)]


def _outside_code(text: str) -> Iterator[tuple[int, int]]:
    last = 0
    for start, end in code_fences(text):
        yield last, start
        last = end
    yield last, len(text)
