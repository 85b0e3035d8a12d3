"""Checks written down: once each, and the newest text of a post before its older ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, update

from detector.reports.parts.record import to_json
from detector.service.store.records import CheckRecord
from detector.service.store.stripping import read_findings, without_text
from detector.service.store.tables import posts

TEXTS = {"title": None, "text": None, "context": "[]"}


@dataclass(frozen=True, slots=True)
class Keeping:
    """What the policy of the place allows to keep."""

    text: bool
    days: int | None = None


def write(connection: Connection, checks: Sequence[CheckRecord], *, keeping: Keeping, at: str) -> int:
    """Write checks down and say how many were new.

    A clean post that was never flagged leaves no trace. A text that was checked before keeps its first record, unless
    another model judged it.
    """
    return sum(_write(connection, check, keeping=keeping, at=at) for check in checks)


def _write(connection: Connection, check: CheckRecord, *, keeping: Keeping, at: str) -> bool:
    same_post = and_(posts.c.source == check.source, posts.c.post_id == check.post_id)
    known = connection.execute(
        select(posts.c.id, posts.c.model_checksum, posts.c.current).where(same_post, _same_text(check))
    ).one_or_none()
    if known is None and not check.findings and not _seen(connection, same_post):
        return False
    values = _values(check, keeping=keeping, at=at)
    if known is None:
        row_id = connection.execute(insert(posts).values(values).returning(posts.c.id)).scalar_one()
    else:
        row_id = known.id
        if known.model_checksum != check.model_checksum:
            connection.execute(update(posts).where(posts.c.id == row_id).values(values))
        elif not known.current:  # the author has gone back to an earlier text
            connection.execute(update(posts).where(posts.c.id == row_id).values(current=True))
    others = update(posts).where(same_post, posts.c.policy == check.policy, posts.c.id != row_id, posts.c.current)
    connection.execute(others.values(current=False))
    return known is None


def _same_text(check: CheckRecord) -> ColumnElement[bool]:
    return and_(posts.c.content_hash == check.content_hash, posts.c.policy_checksum == check.policy_checksum)


def _seen(connection: Connection, same_post: ColumnElement[bool]) -> bool:
    return connection.execute(select(posts.c.id).where(same_post).limit(1)).first() is not None


def _values(check: CheckRecord, *, keeping: Keeping, at: str) -> dict[str, Any]:
    findings = check.findings if keeping.text else without_text(check.findings)
    values = {
        "source": check.source,
        "post_id": check.post_id,
        "content_hash": check.content_hash,
        "policy_checksum": check.policy_checksum,
        "policy": check.policy,
        "model_checksum": check.model_checksum,
        "verdict": check.verdict,
        "severity": int(check.severity or 0),
        "rules": _words({each.rule for each in findings}),
        "kinds": _words({each.kind for each in findings if each.kind}),
        "findings": to_json(findings).decode(),
        "title": check.title,
        "title_length": len(check.title or ""),
        "text": check.text,
        "author": check.author,
        "url": check.url,
        "context": to_json(check.context).decode(),
        "parent": check.parent,
        "created": check.created,
        "checked_at": at,
        "current": True,
    }
    return values if keeping.text else values | TEXTS


def _words(names: set[str]) -> str:
    return f" {' '.join(sorted(names))} "


def purge(connection: Connection, *, before: str) -> int:
    """Remove text, title, author, address, context and quotations of posts checked before then; how many there were.

    Source, post id, hashes, offsets, kinds and the evidence log stay.
    """
    query = select(posts.c.id, posts.c.findings).where(posts.c.checked_at < before, _holds_text())
    rows = connection.execute(query).all()
    for row in rows:
        findings = to_json(without_text(read_findings(row.findings))).decode()
        connection.execute(
            update(posts).where(posts.c.id == row.id).values(findings=findings, author=None, url=None, **TEXTS)
        )
    return len(rows)


def _holds_text() -> ColumnElement[bool]:
    columns = (posts.c.text, posts.c.title, posts.c.author, posts.c.url)
    return func.coalesce(*columns).is_not(None) | (posts.c.context != "[]")
