"""HTML character references (`&amp;`, `&#39;`), decoded where they are real ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5

from detector.view.draft import Edit

# Exports escape twice as often as once (`&amp;#x200B;`), so any number of `amp;` is one ampersand.
_AMPERSANDS = r"(?:(?:amp|AMP|\#0*+38|\#[xX]0*+26);)"
_REFERENCE = r"""(?:
    \#[xX]0*+[0-9a-fA-F]{1,6}(?:;|(?![0-9a-zA-Z]))
  | \#0*+[0-9]{1,7}(?:;|(?![0-9a-zA-Z]))
  | [a-zA-Z][a-zA-Z0-9]{1,30};
  | (?:amp|lt|gt|quot|nbsp)(?![a-zA-Z0-9=;])
)"""
_ENTITY = re.compile(rf"&(?:{_AMPERSANDS}++{_REFERENCE}?|{_REFERENCE})", re.VERBOSE)
_ESCAPED_AMPERSANDS = re.compile(rf"&{_AMPERSANDS}+", re.VERBOSE)


def entity_edits(text: str) -> Iterator[Edit]:
    """An edit for each reference; `AT&T`, `S&P;` and `?a=1&copy=2` are none."""
    for match in _ENTITY.finditer(text):
        decoded = _decode(match.group())
        if decoded != match.group():
            yield Edit(match.start(), match.end(), decoded)


def _decode(entity: str) -> str:
    single = _ESCAPED_AMPERSANDS.sub("&", entity)
    if single[1:2] != "#" and single.endswith(";") and single[1:] not in html5:
        return single
    return unescape(single)
