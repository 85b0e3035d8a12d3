"""The database behind a store: how it is opened, brought up to date, read and written. One writer at a time."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from detector.errors import ConfigError

MIGRATIONS = Path(__file__).parent / "migrations"
PATIENCE_SECONDS = 30.0
WRITER = 0x6465746563746F72  # the advisory lock's number: "detector"
DIALECTS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
# Never weaker than asked for, never weaker than the server's own stricter setting.
DURABLE = text(
    "SELECT set_config('synchronous_commit', "
    "CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, "
    "true)"
)


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. `writing` keeps this process's writers in line before they queue at the database."""

    engine: Engine
    writing: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view that ends with the block."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Connection]:
        """The one writing transaction. When the block has ended well it is committed; if `durable`, it is on disk.

        What need not be durable is still whole and in order: after a power cut the last of it may be gone.
        """
        options = {"writes": "durable" if durable else "soon"}
        with self.writing, self.engine.connect().execution_options(**options) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(DURABLE if durable else text("SET LOCAL synchronous_commit TO off"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": WRITER})
            yield connection

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def open_database(url: str, *, upgrade: bool = True) -> Database:
    """Connect and, unless told otherwise, bring the tables up to date. Raises `ConfigError`."""
    shown = shown_url(url)
    try:
        database = Database(_engine(url, create=upgrade))
    except ImportError as error:
        raise ConfigError(shown, str(error), "install the extra `postgres`") from error
    try:
        _make_ready(database, upgrade=upgrade)
    except BaseException as error:
        database.close()
        if isinstance(error, CommandError):
            cure = "it is newer than this package: upgrade the package"
            raise ConfigError(shown, f"the store cannot be brought up to date: {error}", cure) from error
        if isinstance(error, DatabaseError):
            raise ConfigError(shown, f"the database does not answer: {str(error.orig).strip()}") from error
        raise
    return database


def _make_ready(database: Database, *, upgrade: bool) -> None:
    if upgrade:
        migrate(database)
    with database.read() as connection:
        connection.execute(text("SELECT 1 FROM evidence LIMIT 1"))


def migrate(database: Database) -> None:
    """Apply every migration that is not applied yet, all or nothing. Two processes at once wait for each other."""
    with database.write() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def shown_url(url: str) -> str:
    """The URL without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "the store's URL"


def _engine(url: str, *, create: bool) -> Engine:
    cure = "sqlite:///path/to/store.db or postgresql://user@host/database"
    try:
        parsed = make_url(url)
        parsed = parsed.set(drivername=DIALECTS[parsed.drivername])
    except (ArgumentError, KeyError, NoSuchModuleError) as error:
        raise ConfigError(shown_url(url), "not a database that a store can live in", cure) from error
    if parsed.drivername != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, pool_size=5, max_overflow=10)
    if parsed.database in (None, "", ":memory:"):
        raise ConfigError(shown_url(url), "evidence in memory would be lost", cure)
    if not create and "uri" not in parsed.query and not Path(str(parsed.database)).is_file():
        raise ConfigError(shown_url(url), "there is no such file", cure)
    engine = create_engine(parsed, connect_args={"timeout": PATIENCE_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Write-ahead log, and transactions that begin when we say so, not when the driver thinks fit."""
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "foreign_keys = ON", "recursive_triggers = ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes its lock at once: taken later, it could find that what it has read is out of date."""
    writes = connection.get_execution_options().get("writes")
    if writes is not None:
        level = "FULL" if writes == "durable" else "NORMAL"
        connection.exec_driver_sql(f"PRAGMA synchronous = {level}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
