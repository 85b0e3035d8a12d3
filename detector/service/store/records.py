"""What goes into the store and comes out of it, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import msgspec

from detector.checked import text_checksum
from detector.finding import Severity
from detector.post import Post
from detector.reading import compose
from detector.reports.parts.record import FindingRecord


class Action(StrEnum):
    """What a moderator may decide about exactly this text under exactly this policy."""

    APPROVE = "approve"  # nothing is wrong here: no flagged passage is a recommendation
    REJECT = "reject"  # every finding is right
    WRONG_SPAN = "wrong_span"  # right, but it starts or ends elsewhere
    WRONG_KIND = "wrong_kind"  # flagged as the wrong kind
    UNDO = "undo"  # the decision before this one no longer stands


class Label(msgspec.Struct, frozen=True):
    """A passage as a moderator sees it. `start`/`end`: code points of `detector.reading.compose(post)` (title, blank
    line, text; just the text without a title), end exclusive. `unsure`: its kind is a guess."""

    start: int
    end: int
    kind: str
    target: str | None = None
    unsure: bool = False


class ContextPost(msgspec.Struct, frozen=True):
    """A neighbour in the thread, as the platform sent it along. `relation`: parent or child."""

    relation: str
    post_id: str
    text: str = ""
    author: str | None = None


@dataclass(frozen=True, slots=True)
class CheckRecord:
    """One checked post. Text, title, context and every quotation in `findings` are kept only if the store keeps text;
    author and address are kept until retention takes them.

    `content_hash` comes from `content_hash(post)`; `created` is the platform's own date text.
    """

    source: str
    post_id: str
    content_hash: str
    policy_checksum: str
    verdict: str
    findings: tuple[FindingRecord, ...] = ()
    severity: Severity | None = None
    policy: str = ""
    model_checksum: str = ""
    title: str | None = None
    text: str | None = None
    author: str | None = None
    url: str | None = None
    parent: str | None = None
    created: str | None = None
    context: tuple[ContextPost, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What a moderator decided, and on what. `at`: ISO 8601 in UTC, filled in by the store when empty.

    Without `labels` the store derives them from what was found in that text. `seq`: its number in the evidence log.
    """

    source: str
    post_id: str
    content_hash: str
    policy_checksum: str
    action: Action
    by: str
    reason: str = ""
    at: str = ""
    labels: tuple[Label, ...] = ()
    model_checksum: str = ""
    seq: int | None = None


def content_hash(post: Post) -> str:
    """SHA-256 of what was judged: title, blank line and text, or just the text. An edit of either changes it."""
    return text_checksum(compose(post))


def utc_text(moment: datetime | None = None) -> str:
    """ISO 8601 in UTC with microseconds, so that texts sort as times do; now, if no moment is given."""
    moment = (moment or datetime.now(UTC)).astimezone(UTC)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
