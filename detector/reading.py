"""What the pipeline read in one post: plain values, so that no spaCy `Doc` outlives its batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from detector.finding import Edit, Fix, Integrity, Reason
from detector.post import Post

RECOMMENDATION_KINDS = (
    "guarantee", "solicitation", "allocation", "entry_exit", "action", "implicit",
)  # fmt: skip
OTHER_KINDS = (
    "forecast", "negated_disclaimed", "reported", "question", "own_position", "platform",
    "education", "news_fact", "sentiment_joke", "other",
)  # fmt: skip
KINDS = RECOMMENDATION_KINDS + OTHER_KINDS
TARGETS = ("instrument", "class", "service")

PassageRole = Literal["claim", "quote", "code", "link", "topic", "disclaimer", "signature"]


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
    """All that the pipeline says of one post; offsets are code points of the composed text
    (`title`, blank line, `text`; just `text` when there is no title)."""

    post: Post
    language: str
    passages: tuple[Passage, ...]
    judgements: tuple[Judgement, ...]
    disclaimers: tuple[DisclaimerReading, ...]
