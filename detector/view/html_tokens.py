"""HTML as tokens with their exact places: tags, comments, text.

The standard library's parser gives no end offsets and takes quadratic time on unclosed constructs;
the tree builders move text about. This follows the tokenizer of the HTML standard (WHATWG, section
13.2.5) as far as a post needs: every character belongs to exactly one token, in one linear pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Literal, NamedTuple

TokenKind = Literal["text", "start", "end", "comment", "raw", "unclosed"]

# Elements whose content is text up to their own end tag, whatever it looks like.
_RAW = frozenset(("script", "style", "textarea", "title", "noembed", "noframes", "iframe", "xmp"))
_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]*+)((?:[^>"'=]++|=\s*+(?:"[^"]*+"|'[^']*+')?|["'])*+)>""")
_MARKUP = re.compile("<[a-zA-Z/!?]")
_LETTER = re.compile("[a-zA-Z]")
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?""")


class Token(NamedTuple):
    """`start:end` of the source; for tags also the lower-case name and the source of the attributes."""

    kind: TokenKind
    start: int
    end: int
    name: str = ""
    attributes: str = ""


def tokens(source: str) -> Iterator[Token]:
    """Cut `source` into tokens. What never closes runs to the end, as in a browser."""
    at, size = 0, len(source)
    while at < size:
        token = _markup(source, at) if source[at] == "<" else None
        if token is None:
            markup = _MARKUP.search(source, at + 1)
            token = Token("text", at, markup.start() if markup else size)
        yield token
        at = token.end
        if token.kind == "start" and token.name in _RAW:
            close = re.compile(rf"</{token.name}(?=[\s/>])", re.IGNORECASE).search(source, at)
            end = close.start() if close else size
            if end > at:
                yield Token("raw", at, end, token.name)
            at = end


def _markup(source: str, at: int) -> Token | None:
    """The tag or comment that starts at `at`; None when the `<` there is just text."""
    following = source[at + 1 : at + 2]
    if following in ("!", "?"):
        return _comment(source, at)
    if following == "/" and not _LETTER.match(source, at + 2):
        return _comment(source, at)
    if following != "/" and not _LETTER.match(source, at + 1):
        return None
    match = _TAG.match(source, at)
    if match is None:
        return Token("unclosed", at, len(source))
    kind: TokenKind = "end" if match[1] else "start"
    return Token(kind, at, match.end(), match[2].lower(), match[3])


def _comment(source: str, at: int) -> Token:
    """`<!-- … -->`, or anything else that a browser reads as a comment: `<!doctype>`, `<?php>`, `</ >`."""
    if source.startswith(("<!-->", "<!--->"), at):
        return Token("comment", at, source.index(">", at) + 1)
    is_real = source.startswith("<!--", at)
    end = source.find("-->" if is_real else ">", at + 2)
    if end < 0:
        return Token("unclosed", at, len(source))
    return Token("comment", at, end + (3 if is_real else 1))


def attributes(token: Token) -> dict[str, str]:
    """The attributes of a start tag by lower-case name, references decoded; the first of a name counts."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(token.attributes):
        found.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or ""))
    return found
