"""Moderators' decisions as training labels, in the format that `detector.labelled.read_public` reads."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Row, func, select

from detector.reading import KINDS, TITLE_GAP
from detector.reports.parts.record import FindingRecord, to_json
from detector.service.store.database import Database
from detector.service.store.records import Action, Label
from detector.service.store.tables import evidence, posts, standing

DATASET = "review"
NO_RECOMMENDATION = "other"
OVERRULED = "overruled"


class TrainingLabel(msgspec.Struct, omit_defaults=True):
    """A line of `labels.jsonl`. With `text` it can be trained on; without, hash and offsets say which text was meant.

    `sha256` is the store's content hash; offsets are code points of `text` (title, blank line, text).
    """

    id: str
    dataset: str
    split: str
    sha256: str
    passages: tuple[Label, ...]
    decision: int
    action: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision says of one finding: confirmed, overruled, moved or renamed."""

    rule: str
    kind: str
    outcome: str


def labels_of(action: Action, findings: Sequence[FindingRecord], *, title_length: int) -> tuple[Label, ...]:
    """What the decision says of every passage that was judged, when the moderator gave no labels of their own.

    An approval does not say what the passage is instead: its kind is a guess, and marked so. A correction
    without labels corrects nothing.
    """
    judged = [(*place(finding, title_length), finding) for finding in findings if finding.kind in KINDS]
    if action is Action.APPROVE:
        return tuple(Label(start, end, NO_RECOMMENDATION, unsure=True) for start, end, _ in judged)
    if action is Action.REJECT:
        return tuple(Label(start, end, finding.kind or "", finding.target) for start, end, finding in judged)
    return ()


def place(finding: FindingRecord, title_length: int) -> tuple[int, int]:
    """Where a finding stands in title, blank line and text."""
    shift = 0 if finding.field == "title" or not title_length else title_length + len(TITLE_GAP)
    return finding.start + shift, finding.end + shift


def outcomes_of(
    action: Action, findings: Sequence[FindingRecord], labels: Sequence[Label], *, title_length: int
) -> Iterator[Outcome]:
    """Each finding with what became of it."""
    for finding in findings:
        yield Outcome(finding.rule, finding.kind or "", _outcome(action, finding, labels, title_length=title_length))


def _outcome(action: Action, finding: FindingRecord, labels: Sequence[Label], *, title_length: int) -> str:
    if action is Action.APPROVE:
        return OVERRULED
    if action is Action.REJECT or finding.kind is None:
        return "confirmed"
    start, end = place(finding, title_length)
    near = max(labels, key=lambda label: min(label.end, end) - max(label.start, start), default=None)
    if near is None:
        return "moved" if action is Action.WRONG_SPAN else "renamed"
    if near.kind != finding.kind:
        return "renamed"
    return "confirmed" if (near.start, near.end) == (start, end) else "moved"


def training_labels(database: Database) -> Iterator[TrainingLabel]:
    """One line for every text on which a decision stands, oldest decision first; streams."""
    columns = (evidence.c.seq, evidence.c.action, evidence.c.labels, evidence.c.content_hash)
    first = (
        select(func.min(posts.c.id).label("id"), posts.c.content_hash, posts.c.policy_checksum)
        .group_by(posts.c.content_hash, posts.c.policy_checksum)
        .subquery()
    )
    query = (
        select(*columns, evidence.c.source, evidence.c.post_id, posts.c.title, posts.c.text)
        .join(standing, standing.c.seq == evidence.c.seq)
        .outerjoin(
            first,
            (first.c.content_hash == evidence.c.content_hash) & (first.c.policy_checksum == evidence.c.policy_checksum),
        )
        .outerjoin(posts, posts.c.id == first.c.id)
        .where(evidence.c.labels != "[]")
        .order_by(evidence.c.seq)
        .execution_options(yield_per=500)
    )
    with database.read() as connection, connection.execute(query) as rows:
        yield from map(_training_label, rows)


def training_lines(database: Database) -> Generator[bytes, None, None]:
    """The same as JSON Lines."""
    for label in training_labels(database):
        yield to_json(label) + b"\n"


def _training_label(row: Row[*tuple[Any, ...]]) -> TrainingLabel:
    seq, action, labels, content_hash, source, post_id, title, text = row
    whole = f"{title}{TITLE_GAP}{text}" if title and text is not None else text
    return TrainingLabel(
        id=f"{source}:{post_id}",
        dataset=DATASET,
        split="natural",
        sha256=content_hash,
        passages=msgspec.json.decode(labels, type=tuple[Label, ...]),
        decision=seq,
        action=action,
        text=whole,
    )
