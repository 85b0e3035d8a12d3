"""Where a disclaimer stands in a post, and whether that is where a policy wants it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from detector.post import Region

# What may still stand behind a disclaimer "at the end": white space, closing marks and tags, hashtags.
CLOSING = re.compile(r"(?:\s|[*_~`\"'”’)\]>]|</?\w[^<>]*>|#\w+)*")
LINK = re.compile(r"(?:https?://|www\.)\w", re.IGNORECASE)


def misplaced(
    source: str,
    start: int,
    end: int,
    *,
    at_end: bool = False,
    before_first_link: bool = False,
    within_first: int | None = None,
) -> str | None:
    """Why the disclaimer at `start:end` of `source` is out of place, in words; None when it is in place.

    `at_end`: nothing but closing marks and hashtags may follow; `before_first_link`: it has to end before the first
    link starts; `within_first`: it has to stand wholly within that many characters.
    """
    if at_end and CLOSING.fullmatch(source, end) is None:
        return "text follows it"
    if within_first is not None and end > within_first:
        return f"it ends after the first {within_first} characters"
    link = LINK.search(source) if before_first_link else None
    if link is not None and link.start() < start:
        return "a link stands before it"
    return None


def body_begin(regions: Iterable[Region]) -> int:
    """Where the text proper begins: behind a region at its very beginning (front matter)."""
    return next((region.end for region in regions if region.start == 0 and region.role == "front_matter"), 0)
