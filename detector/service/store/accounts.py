"""Who may use the review console: users with roles, their sessions, and failed attempts to sign in."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from detector.errors import ConfigError
from detector.service.store import log
from detector.service.store.database import Database
from detector.service.store.evidence import Entry
from detector.service.store.records import utc_text
from detector.service.store.tables import attempts, sessions, users

TOKEN_BYTES = 32


class Role(IntEnum):
    """What a user may do; each may also do what those before it may."""

    READER = 1  # sees queue, posts, statistics
    MODERATOR = 2  # decides
    ADMIN = 3  # manages users

    @property
    def label(self) -> str:
        """The word used in commands and pages."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class User:
    """An account. Without `has_password` only a reverse proxy can sign it in."""

    name: str
    role: Role
    active: bool = True
    has_password: bool = True


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in user. `csrf` must come back with everything that changes something."""

    user: User
    csrf: str


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long a session lasts: unused, and at all. Seconds."""

    idle: float = 30 * 60
    absolute: float = 12 * 60 * 60


@dataclass(frozen=True, slots=True)
class Accounts:
    """Users and sessions of one store; `clock` gives seconds since 1970."""

    database: Database
    lifetimes: Lifetimes = Lifetimes()
    clock: Callable[[], float] = time.time

    def user(self, name: str) -> User | None:
        """The account of that name."""
        with self.database.read() as connection:
            row = connection.execute(select(users).where(users.c.name == name)).one_or_none()
        return None if row is None else _user(row)

    def users(self) -> list[User]:
        """Every account, by name."""
        with self.database.read() as connection:
            return [_user(row) for row in connection.execute(select(users).order_by(users.c.name))]

    def password_hash(self, name: str) -> str | None:
        """What the password is compared with; None for unknown, inactive and proxy-only users."""
        query = select(users.c.password_hash).where(users.c.name == name, users.c.active)
        with self.database.read() as connection:
            return connection.execute(query).scalar_one_or_none()

    def add(self, user: User, *, password_hash: str | None, by: str) -> None:
        """Create an account and note it in the evidence log. Raises `ConfigError` when the name is taken."""
        values = {"name": user.name, "role": user.role.label, "active": user.active, "password_hash": password_hash}
        try:
            with self.database.write() as connection:
                connection.execute(insert(users).values(**values, created_at=utc_text()))
                _note(connection, by, f"user {user.name} added as {user.role.label}")
        except IntegrityError as error:
            raise ConfigError(user.name, "there is such a user already") from error

    def change(self, user: User, *, by: str) -> None:
        """Set role and whether the account is active; its sessions end, so that nothing outlives a withdrawn role.

        Raises `ConfigError` if nobody active would be left to manage users.
        """
        with self.database.write() as connection:
            admins = (users.c.role == Role.ADMIN.label) & users.c.active
            others = select(func.count()).where(admins, users.c.name != user.name)
            is_admin = connection.execute(select(users.c.name).where(admins, users.c.name == user.name)).first()
            stays = user.active and user.role is Role.ADMIN
            if is_admin and not stays and not connection.execute(others).scalar_one():
                raise ConfigError(user.name, "is the only active admin", "make another user admin first")
            values = {"role": user.role.label, "active": user.active}
            connection.execute(update(users).where(users.c.name == user.name).values(values))
            connection.execute(delete(sessions).where(sessions.c.user == user.name))
            state = "" if user.active else ", inactive"
            _note(connection, by, f"user {user.name} is now {user.role.label}{state}")

    def set_password(self, name: str, password_hash: str, *, by: str) -> None:
        """Replace a password; sessions that the old one opened end. Raises `ConfigError` for an unknown user."""
        with self.database.write() as connection:
            changed = connection.execute(
                update(users).where(users.c.name == name).values(password_hash=password_hash)
            ).rowcount
            if not changed:
                raise ConfigError(name, "there is no such user")
            connection.execute(delete(sessions).where(sessions.c.user == name))
            _note(connection, by, f"user {name} has a new password")

    def start_session(self, name: str) -> str:
        """A fresh session's token; the store keeps only its hash. Expired sessions are swept out."""
        token, now = secrets.token_urlsafe(TOKEN_BYTES), self.clock()
        row = {"token_hash": _hash(token), "user": name, "csrf": secrets.token_urlsafe(TOKEN_BYTES)}
        with self.database.write(durable=False) as connection:
            connection.execute(delete(sessions).where(self._expired(now)))
            connection.execute(insert(sessions).values(**row, started=now, seen=now))
        return token

    def session(self, token: str) -> Session | None:
        """The session that a token opens, if it has not expired and its user is still active; keeps it awake."""
        now = self.clock()
        query = (
            select(sessions.c.csrf, sessions.c.seen, *users.columns)
            .join(users, users.c.name == sessions.c.user)
            .where(sessions.c.token_hash == _hash(token), users.c.active, ~self._expired(now))
        )
        with self.database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        if now - row.seen > self.lifetimes.idle / 20:  # not a write a request
            with self.database.write(durable=False) as connection:
                connection.execute(update(sessions).where(sessions.c.token_hash == _hash(token)).values(seen=now))
        return Session(_user(row), row.csrf)

    def end_session(self, token: str) -> None:
        """Sign out."""
        with self.database.write(durable=False) as connection:
            connection.execute(delete(sessions).where(sessions.c.token_hash == _hash(token)))

    def note_attempt(self, subject: str) -> None:
        """Remember a failed attempt to sign in."""
        with self.database.write(durable=False) as connection:
            connection.execute(insert(attempts).values(subject=subject, at=self.clock()))

    def attempts(self, subject: str, *, within: float) -> int:
        """Failed attempts of the last `within` seconds; older ones are of no interest to anyone and go."""
        since = self.clock() - within
        with self.database.read() as connection:
            query = select(func.count()).where(attempts.c.subject == subject, attempts.c.at > since)
            return connection.execute(query).scalar_one()

    def forget_attempts(self, subject: str, *, within: float) -> None:
        """After a success: this subject's attempts, and everybody's outdated ones."""
        old = attempts.c.at <= self.clock() - within
        with self.database.write(durable=False) as connection:
            connection.execute(delete(attempts).where((attempts.c.subject == subject) | old))

    def _expired(self, now: float) -> ColumnElement[bool]:
        limits = self.lifetimes
        return (sessions.c.seen < now - limits.idle) | (sessions.c.started < now - limits.absolute)


def _user(row: Row[*tuple[Any, ...]]) -> User:
    return User(row.name, Role[row.role.upper()], row.active, row.password_hash is not None)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _note(connection: Connection, by: str, words: str) -> None:
    """Who may decide is evidence too."""
    empty = dict.fromkeys(("source", "post_id", "content_hash", "policy_checksum", "model_checksum"), "")
    log.append(
        connection,
        Entry(0, at=utc_text(), by=by, action="account", reason=words, labels="[]", previous="", **empty),
    )
