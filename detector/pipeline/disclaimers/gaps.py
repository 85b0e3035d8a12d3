"""What stands between words; by the declared normalisation its white space, markup and style do not count."""

from __future__ import annotations

import re

_BULLET = re.compile(r"\n[ \t]*(?:[-‐‑–—−•·*+>|▪◦‣●○]+(?=\s)[ \t]*|>+|\(?\d{1,2}[.)](?=\s|$))+")
_NOTHING = re.compile(r"[\s*_~`#|\\]+")
_STYLES = str.maketrans(
    dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‘’‚‛′", "'") | dict.fromkeys("‐‑‒–—―−－", "-") | {"…": "..."}
    | {"：": ":", "，": ",", "。": ".", "．": ".", "；": ";", "！": "!", "？": "?", "（": "(", "）": ")", "％": "%"}
)  # fmt: skip
_PICTURE = re.compile(r"[^\w\s\u0000-\u02ff\u2000-\u206f\u3000-\u303f\uff00-\uffef]")


def bare(gap: str) -> str:
    """The marks of a gap in the form in which they are compared."""
    if gap in {" ", ""}:
        return ""
    return _NOTHING.sub("", _BULLET.sub("", gap).translate(_STYLES)).replace("''", '"').replace("--", "-")


def agree(expected: str, found: str) -> bool:
    """Whether two gaps differ in layout only."""
    return expected == found or bare(expected) == bare(found)


def has_picture(gap: str) -> bool:
    """Whether an emoji or another pictorial sign stands in it."""
    return _PICTURE.search(gap) is not None


def stripped(gap: str, start: int) -> tuple[int, int]:
    """Offsets of a gap's marks without the white space around them; `start` is the gap's own offset."""
    lead = len(gap) - len(gap.lstrip())
    return (start + lead, start + len(gap.rstrip())) if gap.strip() else (start, start)
