"""HTML as the text that a browser shows: which markup goes, where lines break, what is hidden.

Block quotes become `> ` lines and preformatted blocks become fenced code, as in plain text, so that
nothing downstream has to know about HTML.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from detector.view.draft import Edit
from detector.view.html_style import Declarations, Look, declarations, hiding_reason, look_of, look_reason, style_rules
from detector.view.html_tokens import Token, attributes, tokens


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


_PARAGRAPHS = _names("p h1 h2 h3 h4 h5 h6 blockquote pre ul ol dl table hr details figure")
_BLOCKS = _PARAGRAPHS | _names(
    "address article aside body caption center dd div dt fieldset figcaption footer form header html legend li main"
    " nav option section summary tbody tfoot thead tr"
)
_VOID = _names("area base br col embed hr img input link meta param source track wbr")
_NEVER_SHOWN = {
    "script": "script", "style": "script", "template": "template", "noscript": "script", "datalist": "template",
    "head": "head", "title": "head", "iframe": "frame", "noembed": "frame", "noframes": "frame",
}  # fmt: skip
# A second of these closes the first, where that is the innermost open element.
_SIBLINGS = _names("p li dt dd tr td th option")
_SPOKEN = {"alt": "alt", "title": "title", "aria-label": "label"}
_SPACE = re.compile(r"[ \t\n\r\f]+")
_ANY_TAG = re.compile(r"</?([a-zA-Z][^\s/<>]*+)[^<>]*+>")


class HiddenText(NamedTuple):
    """`start:end` of the source, why a reader does not see it, and its text."""

    start: int
    end: int
    reason: str
    text: str


class _Element(NamedTuple):
    name: str
    look: Look
    reason: str | None = None
    quotes: int = 0
    is_code: bool = False


class Markup:
    """One left to right reading of HTML: the edits that leave its visible text, and what is hidden."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.edits: list[Edit] = []
        self.hidden: list[HiddenText] = []
        self._rules = style_rules(_style_text(source)) if "<style" in source.lower() else {}
        self._stack = [_Element("", Look())]
        self._open: defaultdict[str, list[int]] = defaultdict(list)  # places in the stack, by name
        self._blocks: list[int] = [0]
        self._gap = 0  # where the stretch without visible text began, and what that stretch calls for:
        self._breaks, self._has_space = 0, False
        self._shown: _Element | None = None
        for token in tokens(source):
            self._read(token)
        self._fill_gap(len(source), None)
        self.hidden = [hidden for hidden in map(self._worded, self.hidden) if hidden.text]

    def _worded(self, hidden: HiddenText) -> HiddenText:
        """`hidden` with the words that it would show."""
        raw = self.source[hidden.start : hidden.end]
        if hidden.text or not raw.strip():
            return hidden
        words = raw.strip("<!->") if hidden.reason in ("comment", "unclosed tag") else _ANY_TAG.sub(_gap_for_tag, raw)
        return hidden._replace(text=words.strip())

    def _read(self, token: Token) -> None:
        match token.kind:
            case "text" | "raw":
                self._text(token.start, token.end)
            case "start":
                self._start(token)
            case "end":
                self._end(token.name)
            case "unclosed":
                self._hide(token.start, token.end, "unclosed tag")
            case "comment" if not self.source.startswith(("<!d", "<!D"), token.start):  # a document type hides nothing
                self._hide(token.start, token.end, "comment")
            case _:
                pass

    def _text(self, start: int, end: int) -> None:
        element = self._stack[-1]
        text = self.source[start:end]
        reason = element.reason or look_reason(element.look)
        if reason:
            self._hide(start, end, reason)
        elif element.is_code:
            self._show(start, end, element)
        elif kept := text.strip(" \t\n\r\f"):
            begin = start + text.index(kept)
            self._has_space |= begin > start
            self._show(begin, begin + len(kept), element)
            self._has_space = begin + len(kept) < end
            for space in _SPACE.finditer(self.source, begin, self._gap):
                if space.group() != " ":
                    self.edits.append(Edit(space.start(), space.end(), " "))
        else:
            self._has_space = True

    def _show(self, start: int, end: int, element: _Element) -> None:
        self._fill_gap(start, element)
        self._gap, self._breaks, self._has_space, self._shown = end, 0, False, element

    def _fill_gap(self, at: int, element: _Element | None) -> None:
        """Replace the markup since the last visible text by what separates it from text at `at`."""
        was_code = self._shown is not None and self._shown.is_code
        filler = "\n```" if was_code and not (element and element.is_code) else ""
        if element is not None and self._shown is not None:
            filler += "\n" * self._breaks or (" " if self._has_space else "")
        if element is not None and (self._breaks or self._shown is None):
            filler += "> " * min(element.quotes, 3)
            filler += "```\n" if element.is_code and not was_code else ""
        if at > self._gap and filler != self.source[self._gap : at]:
            self.edits.append(Edit(self._gap, at, filler))

    def _hide(self, start: int, end: int, reason: str) -> None:
        """Report `start:end` as hidden, joined to what was hidden just before for the same reason."""
        last = self.hidden[-1] if self.hidden else None
        if last and last.reason == reason and last.start >= self._gap:
            self.hidden[-1] = HiddenText(last.start, end, reason, "")
        else:
            self.hidden.append(HiddenText(start, end, reason, ""))

    def _start(self, token: Token) -> None:
        name = token.name
        given = attributes(token) if "=" in token.attributes or token.attributes.strip(" /") else {}
        for key in _SPOKEN.keys() & given.keys():
            self._speak(token, _SPOKEN[key], given[key])
        inner = self._stack[-1].name
        if (name in _SIBLINGS and inner == name) or (name in _PARAGRAPHS and inner == "p"):
            self._end(inner)
        self._break(name)
        if name not in _VOID:
            self._push(name, given)

    def _speak(self, token: Token, reason: str, words: str) -> None:
        """Report words that only an attribute holds."""
        at = self.source.find(words, token.start, token.end)
        start, end = (at, at + len(words)) if at >= 0 else (token.start, token.end)
        if any(letter.isalpha() for letter in words):
            self.hidden.append(HiddenText(start, end, reason, words))

    def _push(self, name: str, given: dict[str, str]) -> None:
        parent = self._stack[-1]
        style = self._style(name, given)
        reason = parent.reason or _NEVER_SHOWN.get(name) or _own_reason(given, style)
        if name in ("details", "dialog") and "open" not in given:
            reason = reason or name
        if name == "summary" and parent.name == "details":
            reason = self._stack[-2].reason
        self._open[name].append(len(self._stack))
        if name in _BLOCKS:
            self._blocks.append(len(self._stack))
        quotes = parent.quotes + (name == "blockquote")
        self._stack.append(_Element(name, look_of(style, parent.look), reason, quotes, parent.is_code or name == "pre"))

    def _style(self, name: str, given: dict[str, str]) -> Declarations:
        """The declarations that reach an element, weakest first."""
        style: dict[str, str] = {}
        if "color" in given:
            style["color"] = given["color"].lower()
        if "bgcolor" in given:
            style["background-color"] = given["bgcolor"].lower()
        if self._rules:
            selectors = [name, *("." + word for word in given.get("class", "").lower().split())]
            for selector in (*selectors, "#" + given.get("id", "").lower()):
                style |= self._rules.get(selector, {})
        if "style" in given:
            style |= declarations(given["style"])
        return style

    def _end(self, name: str) -> None:
        """Close the innermost `name`, and what is open inside it; inline ends do not close blocks."""
        self._break(name)
        places = self._open[name]
        if not places or (name not in _BLOCKS and places[-1] < self._blocks[-1]):
            return
        place = places[-1]
        while len(self._stack) > place:
            closed = self._stack.pop().name
            self._open[closed].pop()
            if self._blocks[-1] == len(self._stack):
                self._blocks.pop()

    def _break(self, name: str) -> None:
        if name == "br":
            self._breaks = min(self._breaks + 1, 2)
        elif name in _BLOCKS:
            self._breaks = max(self._breaks, 2 if name in _PARAGRAPHS else 1)
        elif name in ("td", "th"):
            self._has_space = True


def _own_reason(given: dict[str, str], style: Declarations) -> str | None:
    return "hidden attribute" if "hidden" in given else hiding_reason(style)


def _gap_for_tag(tag: re.Match[str]) -> str:
    return " " if tag[1].lower() in _BLOCKS | {"br", "td", "th"} else ""


def _style_text(source: str) -> str:
    """All that stands in `<style>` elements."""
    sheets = (token for token in tokens(source) if token.kind == "raw" and token.name == "style")
    return "\n".join(source[token.start : token.end] for token in sheets)
