"""The store: what the service and the review console remember, and nothing that they did not acknowledge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, func, insert, select, tuple_

from detector.errors import DetectorError
from detector.service.store import labels, log, recording
from detector.service.store.database import Database, open_database
from detector.service.store.evidence import Entry
from detector.service.store.labels import OVERRULED
from detector.service.store.recording import Keeping
from detector.service.store.records import Action, CheckRecord, Decision, Label, utc_text
from detector.service.store.stripping import read_findings
from detector.service.store.tables import evidence, outcomes, posts, standing


@dataclass(eq=False)
class DecidedMeanwhileError(DetectorError):
    """Another decision stands on this text than the one that the moderator saw."""

    seen: int | None
    stands: int | None

    def __str__(self) -> str:
        return "someone else has decided about this post meanwhile"


@dataclass(frozen=True, slots=True)
class Store:
    """An open store. Synchronous and safe to use from any thread."""

    database: Database
    keeping: Keeping

    @classmethod
    def open(cls, url: str, *, keep_text: bool = False, retention_days: int | None = None) -> Store:
        """Open the store at a database URL, creating it or bringing it up to date. Raises `ConfigError`.

        `keep_text`: whether posts' texts may be stored at all; `retention_days`: for how long (`purge`).
        """
        return cls(open_database(url), Keeping(keep_text, retention_days))

    def close(self) -> None:
        """Give every connection back."""
        self.database.close()

    def record(self, checks: Sequence[CheckRecord]) -> int:
        """Write checks down, each once, all or none; returns how many were new. Repeating it changes nothing.

        Not waited for until it is on disk: a check can be made again, a decision cannot.
        """
        if not checks:
            return 0
        with self.database.write(durable=False) as connection:
            return recording.write(connection, checks, keeping=self.keeping, at=utc_text())

    def standing(self, content_hash: str, policy_checksum: str) -> Decision | None:
        """The decision that stands on exactly this text under exactly this policy; an edit of either ends it."""
        same = (standing.c.content_hash == content_hash, standing.c.policy_checksum == policy_checksum)
        with self.database.read() as connection:
            row = connection.execute(
                select(evidence).join(standing, standing.c.seq == evidence.c.seq).where(*same)
            ).one_or_none()
        return None if row is None else _decision(row)

    def decide(self, decision: Decision, *, seen: int | None = -1) -> int:
        """Append a decision to the evidence log and let it stand; returns its sequence number once it is on disk.

        `seen`: the decision that stood when the moderator looked (None: none did). Raises `DecidedMeanwhileError` if
        another one stands by now; left out, nobody asks.
        """
        with self.database.write() as connection:
            if seen != -1:
                _nothing_new(connection, decision, seen=seen)
            return _decide(connection, decision)

    def upheld(self, source: str, author: str) -> int:
        """How many findings in an author's posts there moderators have upheld."""
        by_author = select(posts.c.content_hash, posts.c.policy_checksum).where(
            posts.c.source == source, posts.c.author == author
        )
        query = (
            select(func.count())
            .select_from(outcomes.join(standing, standing.c.seq == outcomes.c.seq))
            .where(outcomes.c.outcome != OVERRULED)
            .where(tuple_(standing.c.content_hash, standing.c.policy_checksum).in_(by_author))
        )
        with self.database.read() as connection:
            return connection.execute(query).scalar_one()

    def labels(self) -> Iterator[labels.TrainingLabel]:
        """The decisions that stand, as training labels."""
        return labels.training_labels(self.database)

    def purge(self, *, now: datetime | None = None) -> int:
        """Remove texts older than the retention allows, and say so in the log; returns how many posts lost theirs."""
        if self.keeping.days is None:
            return 0
        before = utc_text((now or datetime.now(UTC)) - timedelta(days=self.keeping.days))
        with self.database.write() as connection:
            removed = recording.purge(connection, before=before)
            if removed:
                log.append(connection, _purged(removed, before))
        return removed


def _decide(connection: Connection, decision: Decision) -> int:
    record = _record_of(connection, decision)
    findings = read_findings(record.findings) if record else ()
    title_length = record.title_length if record else 0
    given = decision.labels or labels.labels_of(decision.action, findings, title_length=title_length)
    model = decision.model_checksum or (record.model_checksum if record else "")
    decision = replace(decision, labels=given, model_checksum=model, at=decision.at or utc_text())
    entry = log.append(connection, _entry(decision))
    _let_stand(connection, entry)
    if decision.action is not Action.UNDO:
        found = labels.outcomes_of(decision.action, findings, given, title_length=title_length)
        rows = [
            {"seq": entry.seq, "number": number, "rule": each.rule, "kind": each.kind, "outcome": each.outcome}
            for number, each in enumerate(found)
        ]
        if rows:
            connection.execute(insert(outcomes), rows)
    return entry.seq


def _record_of(connection: Connection, decision: Decision) -> Row[*tuple[Any, ...]] | None:
    """The check that was decided about: this post's, else another with the very same text."""
    columns = (posts.c.findings, posts.c.title_length, posts.c.model_checksum)
    same_text = (posts.c.content_hash == decision.content_hash, posts.c.policy_checksum == decision.policy_checksum)
    own = (posts.c.source == decision.source) & (posts.c.post_id == decision.post_id)
    query = select(*columns).where(*same_text).order_by(own.desc(), posts.c.id).limit(1)
    return connection.execute(query).one_or_none()


def _let_stand(connection: Connection, entry: Entry) -> None:
    text = {"content_hash": entry.content_hash, "policy_checksum": entry.policy_checksum}
    connection.execute(delete(standing).filter_by(**text))
    if entry.action != Action.UNDO:
        connection.execute(insert(standing).values(**text, seq=entry.seq, action=entry.action))


def _nothing_new(connection: Connection, decision: Decision, *, seen: int | None) -> None:
    text = {"content_hash": decision.content_hash, "policy_checksum": decision.policy_checksum}
    stands = connection.execute(select(standing.c.seq).filter_by(**text)).scalar_one_or_none()
    if stands != seen:
        raise DecidedMeanwhileError(seen, stands)


def _entry(decision: Decision) -> Entry:
    return Entry(
        0,
        at=decision.at,
        by=decision.by,
        action=decision.action.value,
        source=decision.source,
        post_id=decision.post_id,
        content_hash=decision.content_hash,
        policy_checksum=decision.policy_checksum,
        model_checksum=decision.model_checksum,
        reason=decision.reason,
        labels=msgspec.json.encode(decision.labels, order="sorted").decode(),
        previous="",
    )


def _purged(removed: int, before: str) -> Entry:
    empty = dict.fromkeys(("source", "post_id", "content_hash", "policy_checksum", "model_checksum"), "")
    words = f"text of {removed} posts checked before {before} removed"
    return Entry(0, at=utc_text(), by="retention", action="purge", reason=words, labels="[]", previous="", **empty)


def _decision(row: Row[*tuple[Any, ...]]) -> Decision:
    return Decision(
        source=row.source,
        post_id=row.post_id,
        content_hash=row.content_hash,
        policy_checksum=row.policy_checksum,
        action=Action(row.action),
        by=row.by,
        reason=row.reason,
        at=row.at,
        labels=msgspec.json.decode(row.labels, type=tuple[Label, ...]),
        model_checksum=row.model_checksum,
        seq=row.seq,
    )
