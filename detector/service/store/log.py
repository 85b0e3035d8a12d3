"""The evidence log in the database: append, read, export, prove."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, select

from detector.errors import InputError
from detector.service.store.database import Database
from detector.service.store.evidence import GENESIS, Chain, Entry, canonical, sealed, verify
from detector.service.store.records import Action
from detector.service.store.tables import evidence, standing, storable

FIELDS = tuple(column.name for column in evidence.columns)
_DECODER = msgspec.json.Decoder(Entry)
CURE = "name a store's URL or a file that `detector store log` wrote"


def append(connection: Connection, entry: Entry) -> Entry:
    """Add an entry at the end; number, previous hash and hash are filled in. The caller's transaction writes."""
    last = connection.execute(
        select(evidence.c.seq, evidence.c.hash).order_by(evidence.c.seq.desc()).limit(1)
    ).one_or_none()
    seq, previous = (last.seq + 1, last.hash) if last else (1, GENESIS)
    texts = {
        name: storable(value)
        for name in ("by", "source", "post_id", "reason")
        if (value := getattr(entry, name)) is not None
    }
    entry = sealed(msgspec.structs.replace(entry, seq=seq, previous=previous, **texts))
    connection.execute(evidence.insert().values({name: getattr(entry, name) for name in FIELDS}))
    return entry


def entries(database: Database) -> Generator[Entry, None, None]:
    """The whole log, in order; streams."""
    with database.read() as connection:
        yield from _read(connection, select(evidence).order_by(evidence.c.seq))


def history(database: Database, source: str, post_id: str) -> list[Entry]:
    """What was ever decided about a post, in all its versions, oldest first."""
    query = select(evidence).where(evidence.c.source == source, evidence.c.post_id == post_id)
    with database.read() as connection:
        return list(_read(connection, query.order_by(evidence.c.seq)))


def latest(database: Database, number: int, *, before: int | None = None) -> list[Entry]:
    """The newest entries, newest first; `before`: only those before that one."""
    query = select(evidence).order_by(evidence.c.seq.desc()).limit(number)
    with database.read() as connection:
        return list(_read(connection, query if before is None else query.where(evidence.c.seq < before)))


def entry(database: Database, seq: int) -> Entry | None:
    """One entry."""
    with database.read() as connection:
        return next(_read(connection, select(evidence).where(evidence.c.seq == seq)), None)


def _read(connection: Connection, query: Select[*tuple[Any, ...]]) -> Iterator[Entry]:
    with connection.execute(query.execution_options(yield_per=1000)) as rows:
        for row in rows:
            yield Entry(**{name: getattr(row, name) for name in FIELDS})


def export(database: Database) -> Generator[bytes, None, None]:
    """The log as JSON Lines, each line canonical."""
    for entry in entries(database):
        yield canonical(entry) + b"\n"


def read_export(path: Path) -> Generator[Entry, None, None]:
    """Entries of an exported log. Raises `InputError` for the first line that is not exactly what was exported."""
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                yield _entry(path, number, line)
    except OSError as error:
        raise InputError(str(path), error.strerror or "cannot be read", CURE) from error


def _entry(path: Path, number: int, line: bytes) -> Entry:
    try:
        entry = _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(str(path), f"not an entry of an evidence log: {error}", CURE, number) from error
    # A second key of the same name, or a space, would change what people read, but not what the hash covers.
    if canonical(entry) + b"\n" != line:
        raise InputError(str(path), "not written as it was exported", CURE, number)
    return entry


def prove(database: Database, *, noted: str = "") -> Chain:
    """Verify the log of a store."""
    with closing(entries(database)) as log:
        return verify(log, noted=noted)


def stale(database: Database) -> list[tuple[str, str]]:
    """Texts (content hash, policy checksum) on which something else stands than the log says; empty if all is well."""
    decided: dict[tuple[str, str], tuple[int, str]] = {}
    for entry in entries(database):
        if entry.action in set(Action):
            decided[entry.content_hash, entry.policy_checksum] = (entry.seq, entry.action)
    expected = {text: last for text, last in decided.items() if last[1] != Action.UNDO}
    with database.read() as connection:
        rows = connection.execute(select(standing)).all()
    found = {(row.content_hash, row.policy_checksum): (row.seq, row.action) for row in rows}
    return sorted({text for text, _ in set(expected.items()) ^ set(found.items())})
