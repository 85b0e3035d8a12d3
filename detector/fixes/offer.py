"""What an author is offered: one change to one field, and what kind of change it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from detector.finding import Finding, Fix
from detector.post import Post, Region

Check = Callable[[Post], Sequence[Finding]]


class Action(StrEnum):
    """Kinds of change, in the order in which they are offered."""

    INSERT = "insert"  # the standard disclaimer, where the policy wants it
    RESTORE = "restore"  # an altered disclaimer, word for word
    SOFTEN = "soften"  # say it without urging anybody
    REMOVE = "remove"  # the passage, or the urging part of it
    QUOTE = "quote"  # mark as someone else's words
    SUPPRESS = "suppress"  # let it stand, with a reason


@dataclass(frozen=True, slots=True)
class Offer:
    """A change that, applied to `field` of the post, makes the finding go away and brings no new one.

    `exact`: there is one right answer (a registered wording), so that it may be applied without being chosen.
    """

    action: Action
    fix: Fix
    field: Literal["text", "title"] = "text"
    exact: bool = False


def apply(post: Post, offer: Offer) -> Post:
    """The post with the change made; regions behind it move along."""
    fix = offer.fix
    before = (post.title or "") if offer.field == "title" else post.text
    after = before[: fix.start] + fix.replacement + before[fix.end :]
    if offer.field == "title":
        return replace(post, title=after)
    shift = len(after) - len(before)
    regions = tuple(_moved(region, fix, shift) for region in post.regions)
    return replace(post, text=after, regions=regions)


def _moved(region: Region, fix: Fix, shift: int) -> Region:
    if region.end <= fix.start:
        return region
    if region.start >= fix.end:
        return replace(region, start=region.start + shift, end=region.end + shift)
    return replace(region, end=max(region.start, region.end + shift))
