"""What the pipeline read in one post: plain values, so that no spaCy `Doc` outlives its batch."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from detector.finding import Edit, Fix, Integrity, Reason
from detector.post import Post, Region
from detector.view import View

RECOMMENDATION_KINDS = (
    "guarantee", "solicitation", "allocation", "entry_exit", "action", "implicit",
)  # fmt: skip
OTHER_KINDS = (
    "forecast", "negated_disclaimed", "reported", "question", "own_position", "platform",
    "education", "news_fact", "sentiment_joke", "other",
)  # fmt: skip
KINDS = RECOMMENDATION_KINDS + OTHER_KINDS
TARGETS = ("instrument", "class", "service")

TITLE_GAP = "\n\n"

PassageRole = Literal["claim", "quote", "code", "link", "topic", "disclaimer", "signature", "front_matter"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence-like span. Only passages with role `claim` are the author's own words."""

    start: int
    end: int
    role: PassageRole = "claim"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The classifier's view of one passage.

    `probability` that it is a recommendation is calibrated; `kind` is the likeliest of `KINDS`
    within the side (recommendation or not) that `probability` favours; `kinds` gives P(kind).
    """

    start: int
    end: int
    probability: float
    kind: str
    recommendation_kind: str
    target: str | None
    kinds: Mapping[str, float]
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class DisclaimerReading:
    """What became of one registered disclaimer; `states` holds all that apply, `integrity` the worst."""

    id: str
    integrity: Integrity
    start: int
    end: int
    version: str = ""
    variant: str = "full"
    language: str = "en"
    states: tuple[Integrity, ...] = ()
    edits: tuple[Edit, ...] = ()
    fix: Fix | None = None
    standard: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the pipeline says of one post; offsets are code points of `source`.

    `judgements` may leave out claims that are clearly no recommendations; `score` is the highest probability of all.
    """

    post: Post
    source: str
    language: str
    passages: tuple[Passage, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    score: float | None = None
    disclaimers: tuple[DisclaimerReading, ...] = ()

    def locate(self, start: int, end: int) -> tuple[Literal["text", "title"], int, int]:
        """Which field of the post a source span stands in, and its offsets there."""
        body = body_start(self.post)
        return ("title", start, min(end, body)) if start < body else ("text", start - body, end - body)

    def in_field(self, disclaimer: DisclaimerReading) -> DisclaimerReading:
        """The same disclaimer in the offsets of the field it starts in, instead of those of `source`."""
        shift = body_start(self.post)
        if shift == 0 or disclaimer.start < shift:
            return disclaimer
        return replace(
            disclaimer,
            start=disclaimer.start - shift,
            end=disclaimer.end - shift,
            edits=tuple(replace(edit, start=edit.start - shift, end=edit.end - shift) for edit in disclaimer.edits),
            fix=_shifted(disclaimer.fix, shift),
        )


def _shifted(fix: Fix | None, shift: int) -> Fix | None:
    return None if fix is None else replace(fix, start=fix.start - shift, end=fix.end - shift)


def compose(post: Post) -> str:
    """The text that is analysed: title, blank line and text, or just the text."""
    return f"{post.title}{TITLE_GAP}{post.text}" if post.title else post.text


def body_start(post: Post) -> int:
    """Where `post.text` begins in the composed text."""
    return len(post.title) + len(TITLE_GAP) if post.title else 0


def in_source(judgement: Judgement, view: View) -> Judgement:
    """The same judgement in the offsets of the view's source."""
    start, end = view.span(judgement.start, judgement.end)
    return Judgement(  # `replace` would take a tenth of the time that a long post takes
        start,
        end,
        judgement.probability,
        judgement.kind,
        judgement.recommendation_kind,
        judgement.target,
        judgement.kinds,
        judgement.reasons,
    )


def regions_in_view(post: Post, view: View) -> tuple[Region, ...]:
    """The post's regions in the offsets of the view of its composed text."""
    shift = body_start(post)
    return tuple(
        Region(_view_offset(view, region.start + shift), _view_offset(view, region.end + shift), region.role)
        for region in post.regions
    )


def _view_offset(view: View, offset: int) -> int:
    """The first view offset whose source is at or after `offset`."""
    return offset if view.starts is None else bisect_left(view.starts, offset)
