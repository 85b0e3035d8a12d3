"""What waits for a moderator, what was decided, and everything around one post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from detector.finding import Severity
from detector.reports.parts.record import FindingRecord
from detector.service.store.database import Database
from detector.service.store.records import ContextPost
from detector.service.store.stripping import read_findings
from detector.service.store.tables import posts, standing

PAGE = 25
State = Literal["open", "decided", "lapsed", "all"]
Order = Literal["severity", "oldest", "newest"]
RELATIVES = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which posts to list; empty fields ask for nothing in particular. `page` counts from 1."""

    state: State = "open"
    order: Order = "severity"
    page: int = 1
    search: str = ""
    severity: str = ""
    verdict: str = ""
    rule: str = ""
    kind: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """A post as the store knows it. `standing`: the decision (sequence number) that stands, `action` what it was.

    `current` is false once the post was edited, or was checked under a newer version of its policy.
    """

    id: int
    source: str
    post_id: str
    content_hash: str
    policy_checksum: str
    policy: str
    model_checksum: str
    verdict: str
    severity: Severity | None
    findings: tuple[FindingRecord, ...]
    title: str | None
    title_length: int
    text: str | None
    author: str | None
    url: str | None
    parent: str | None
    created: str | None
    context: tuple[ContextPost, ...]
    checked_at: str
    current: bool
    standing: int | None
    action: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of posts, and how many there are on all pages."""

    posts: list[Stored]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE))


def list_posts(database: Database, wanted: Wanted) -> Listed:
    """A page of the queue."""
    query = _joined().where(*_conditions(wanted))
    counted = select(func.count()).select_from(posts.outerjoin(standing, _stands())).where(*_conditions(wanted))
    with database.read() as connection:
        total = connection.execute(counted).scalar_one()
        page = min(wanted.page, max(1, -(-total // PAGE)))
        rows = connection.execute(query.order_by(*_order(wanted.order)).limit(PAGE).offset((page - 1) * PAGE)).all()
    return Listed([_stored(row) for row in rows], total, page)


def stored_post(database: Database, row_id: int) -> Stored | None:
    """One post in one of its versions."""
    with database.read() as connection:
        row = connection.execute(_joined().where(posts.c.id == row_id)).one_or_none()
    return None if row is None else _stored(row)


def row_of(database: Database, source: str, post_id: str, content_hash: str) -> int | None:
    """The row of a post in that version."""
    same = (posts.c.source == source, posts.c.post_id == post_id, posts.c.content_hash == content_hash)
    with database.read() as connection:
        return connection.execute(
            select(posts.c.id).where(*same).order_by(posts.c.id.desc()).limit(1)
        ).scalar_one_or_none()


def neighbours(database: Database, wanted: Wanted, row_id: int) -> tuple[int | None, int | None]:
    """The posts before and after one in the queue that the moderator came from."""
    ordered = select(posts.c.id).select_from(posts.outerjoin(standing, _stands())).where(*_conditions(wanted))
    with database.read() as connection:
        ids = list(connection.execute(ordered.order_by(*_order(wanted.order)).limit(10_000)).scalars())
    if row_id not in ids:
        return None, next((each for each in ids if each != row_id), None)
    place = ids.index(row_id)
    return (ids[place - 1] if place else None), (ids[place + 1] if place + 1 < len(ids) else None)


def versions(database: Database, post: Stored) -> list[Stored]:
    """Every recorded version of a post, newest first."""
    query = _joined().where(posts.c.source == post.source, posts.c.post_id == post.post_id)
    with database.read() as connection:
        return [_stored(row) for row in connection.execute(query.order_by(posts.c.id.desc()))]


def relatives(database: Database, post: Stored) -> tuple[list[Stored], list[Stored]]:
    """Recorded parents and children of a post, in the versions that are current."""
    here = and_(posts.c.source == post.source, posts.c.current)
    above = _joined().where(here, posts.c.post_id == post.parent).limit(RELATIVES)
    below = _joined().where(here, posts.c.parent == post.post_id).order_by(posts.c.id).limit(RELATIVES)
    with database.read() as connection:
        parents = [] if post.parent is None else list(map(_stored, connection.execute(above)))
        return parents, list(map(_stored, connection.execute(below)))


def choices(database: Database) -> dict[str, list[str]]:
    """What the filters can be set to."""
    found: dict[str, list[str]] = {}
    with database.read() as connection:
        for name in ("source", "verdict"):
            found[name] = sorted(connection.execute(select(posts.c[name]).distinct()).scalars())
        for name in ("rule", "kind"):
            words = " ".join(connection.execute(select(posts.c[f"{name}s"]).distinct()).scalars()).split()
            found[name] = sorted(set(words))
    return found


def open_counts(database: Database) -> dict[Severity, int]:
    """How many posts wait, by severity."""
    query = (
        select(posts.c.severity, func.count())
        .select_from(posts.outerjoin(standing, _stands()))
        .where(*_conditions(Wanted()))
        .group_by(posts.c.severity)
    )
    with database.read() as connection:
        return {Severity(severity): number for severity, number in connection.execute(query)}


def _stands() -> ColumnElement[bool]:
    same_text = standing.c.content_hash == posts.c.content_hash
    return and_(same_text, standing.c.policy_checksum == posts.c.policy_checksum)


def _joined() -> Select[Any]:
    return select(*posts.columns, standing.c.seq.label("standing"), standing.c.action).select_from(
        posts.outerjoin(standing, _stands())
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = list(_state(wanted.state))
    if wanted.severity:
        conditions.append(posts.c.severity == Severity[wanted.severity.upper()])
    conditions += [posts.c[name] == value for name in ("verdict", "source") if (value := getattr(wanted, name))]
    for name in ("rule", "kind"):
        if value := getattr(wanted, name):
            conditions.append(posts.c[f"{name}s"].contains(f" {value} ", autoescape=True))
    if wanted.search:
        conditions.append(_search(wanted.search))
    return conditions


def _state(state: State) -> Sequence[ColumnElement[bool]]:
    if state == "open":
        return (posts.c.current, posts.c.severity > 0, standing.c.seq.is_(None))
    if state == "decided":
        return (posts.c.current, standing.c.seq.is_not(None))
    return (~posts.c.current,) if state == "lapsed" else ()


def _search(words: str) -> ColumnElement[bool]:
    """Every word, anywhere: text and title if they were kept, author, id, rule, kind."""
    columns = (posts.c.text, posts.c.title, posts.c.author, posts.c.post_id, posts.c.rules, posts.c.kinds)
    return and_(*(or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words.split()))


def _order(order: Order) -> Sequence[ColumnElement[Any]]:
    if order == "newest":
        return (posts.c.id.desc(),)
    return (posts.c.id,) if order == "oldest" else (posts.c.severity.desc(), posts.c.id)


def _stored(row: Row[*tuple[Any, ...]]) -> Stored:
    values = dict(row._mapping)
    values["severity"] = Severity(row.severity) if row.severity else None
    values["findings"] = read_findings(row.findings)
    values["context"] = msgspec.json.decode(row.context, type=tuple[ContextPost, ...])
    return Stored(**{name: values[name] for name in Stored.__slots__})
