"""The tables, as the newest migration leaves them. Times are ISO 8601 texts in UTC, which both databases sort alike."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData()
# SQLite numbers rows by itself only in a column of exactly this type.
ROW_NUMBER = BigInteger().with_variant(Integer, "sqlite")


def storable(text: str) -> str:
    """Text that both databases hold: NUL and unpaired surrogates become U+FFFD, one for one, so that offsets hold."""
    if "\0" not in text and text.isascii():
        return text
    return "".join("\ufffd" if each == "\0" or "\ud800" <= each <= "\udfff" else each for each in text)


class AnyText(TypeDecorator[str]):
    """Text from outside, made `storable` on its way in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Clean what is written or compared."""
        del dialect
        return None if value is None else storable(value)


posts = Table(
    "posts",
    metadata,
    Column("id", ROW_NUMBER, primary_key=True, autoincrement=True),
    Column("source", AnyText, nullable=False),
    Column("post_id", AnyText, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("policy_checksum", Text, nullable=False),
    Column("policy", AnyText, nullable=False),
    Column("model_checksum", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("rules", Text, nullable=False),  # " rule rule ": found by LIKE on either database
    Column("kinds", Text, nullable=False),
    Column("findings", AnyText, nullable=False),
    Column("title", AnyText),
    Column("title_length", Integer, nullable=False),  # offsets need it even when the title is gone
    Column("text", AnyText),
    Column("author", AnyText),
    Column("url", AnyText),
    Column("parent", AnyText),
    Column("created", AnyText),
    Column("context", AnyText, nullable=False),
    Column("checked_at", Text, nullable=False),
    Column("current", Boolean, nullable=False),  # false once the post was edited or is checked under a newer policy
    UniqueConstraint("source", "post_id", "content_hash", "policy_checksum", name="posts_once"),
    Index("posts_queue", "current", "severity", "id"),
    Index("posts_content", "content_hash", "policy_checksum"),
    Index("posts_age", "checked_at"),
    Index("posts_parent", "source", "parent"),
    Index("posts_author", "source", "author"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("by", AnyText, nullable=False),
    Column("action", Text, nullable=False),
    Column("source", AnyText, nullable=False),
    Column("post_id", AnyText, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("policy_checksum", Text, nullable=False),
    Column("model_checksum", Text, nullable=False),
    Column("reason", AnyText, nullable=False),
    Column("labels", Text, nullable=False),
    Column("previous", Text, nullable=False, unique=True),  # two entries can never follow the same one
    Column("hash", Text, nullable=False, unique=True),
    Index("evidence_content", "content_hash", "policy_checksum", "seq"),
    Index("evidence_post", "source", "post_id", "seq"),
)

standing = Table(
    "standing",
    metadata,
    Column("content_hash", Text, primary_key=True),
    Column("policy_checksum", Text, primary_key=True),
    Column("seq", BigInteger, ForeignKey("evidence.seq"), nullable=False),
    Column("action", Text, nullable=False),
)

outcomes = Table(
    "outcomes",
    metadata,
    Column("seq", BigInteger, ForeignKey("evidence.seq"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("rule", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("outcome", Text, nullable=False),  # confirmed, overruled, moved, renamed
)

users = Table(
    "users",
    metadata,
    Column("name", AnyText, primary_key=True),
    Column("password_hash", Text),  # without one, a reverse proxy vouches for the user
    Column("role", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", Text, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("user", AnyText, nullable=False),
    Column("csrf", Text, nullable=False),
    Column("started", Float, nullable=False),  # seconds since 1970: only ever compared with the clock
    Column("seen", Float, nullable=False),
    Index("sessions_user", "user"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", ROW_NUMBER, primary_key=True, autoincrement=True),
    Column("subject", AnyText, nullable=False),
    Column("at", Float, nullable=False),
    Index("attempts_subject", "subject", "at"),
)
