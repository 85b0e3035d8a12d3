"""Campaigns as the page shows them: a table, and for the script which posts belong to which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detector.campaigns import AUTHORS, NAMES, Campaign

MOST = 100
AUTHORS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Pitch:
    """One row of the table. The first `NAMES` accounts are told apart: `accounts` says when there may be more."""

    id: str
    number: int
    posts: int
    accounts: str
    authors: tuple[str, ...]
    others: int


def pitches(campaigns: Sequence[Campaign]) -> list[Pitch]:
    """The campaigns of most posts, numbered."""
    return [_pitch(number, each) for number, each in enumerate(largest(campaigns), 1)]


def largest(campaigns: Sequence[Campaign]) -> list[Campaign]:
    """At most `MOST`, those of most posts first; equals in the order in which they were found."""
    return sorted((each for each in campaigns if len(each.authors) >= AUTHORS), key=lambda each: -each.posts)[:MOST]


def members(campaigns: Sequence[Campaign]) -> list[list[list[str | int]]]:
    """For each row: file and record of its posts, the first `NAMES` of them."""
    return [[[each.origin.file, each.origin.record] for each in one.members] for one in largest(campaigns)]


def accounts(campaign: Campaign) -> str:
    """How many accounts take part."""
    known = len(campaign.authors)
    return f"{known} or more" if known == NAMES else str(known)


def _pitch(number: int, campaign: Campaign) -> Pitch:
    shown = tuple(campaign.authors[:AUTHORS_SHOWN])
    return Pitch(campaign.id, number, campaign.posts, accounts(campaign), shown, len(campaign.authors) - len(shown))
