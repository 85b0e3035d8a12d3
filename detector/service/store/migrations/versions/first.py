"""The first tables, and triggers that refuse to change the evidence log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SQLITE = """
CREATE TRIGGER evidence_no_update BEFORE UPDATE ON evidence
BEGIN SELECT RAISE(ABORT, 'the evidence log is append-only'); END

CREATE TRIGGER evidence_no_delete BEFORE DELETE ON evidence
BEGIN SELECT RAISE(ABORT, 'the evidence log is append-only'); END

CREATE TRIGGER evidence_no_replace BEFORE INSERT ON evidence
WHEN NEW.seq != (SELECT COALESCE(MAX(seq), 0) + 1 FROM evidence)
OR EXISTS (SELECT 1 FROM evidence WHERE previous = NEW.previous OR hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'the evidence log is append-only'); END
"""  # the last one, because INSERT OR REPLACE deletes without asking the one before
POSTGRESQL = """
CREATE FUNCTION evidence_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the evidence log is append-only'; END $$

CREATE TRIGGER evidence_no_change BEFORE UPDATE OR DELETE ON evidence
FOR EACH ROW EXECUTE FUNCTION evidence_refuse()

CREATE TRIGGER evidence_no_truncate BEFORE TRUNCATE ON evidence
FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse()
"""


def upgrade() -> None:
    """Create everything."""
    _posts()
    _evidence()
    _accounts()
    triggers = SQLITE if op.get_context().dialect.name == "sqlite" else POSTGRESQL
    for statement in triggers.split("\n\n"):
        op.execute(statement)


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=nullable) for name in names]


def _posts() -> None:
    op.create_table(
        "posts",
        sa.Column("id", ROW_NUMBER, primary_key=True, autoincrement=True),
        *_texts("source", "post_id", "content_hash", "policy_checksum", "policy", "model_checksum", "verdict"),
        sa.Column("severity", sa.Integer, nullable=False),
        *_texts("rules", "kinds", "findings"),
        *_texts("title", "text", "author", "url", "parent", "created", nullable=True),
        sa.Column("title_length", sa.Integer, nullable=False),
        *_texts("context", "checked_at"),
        sa.Column("current", sa.Boolean, nullable=False),
        sa.UniqueConstraint("source", "post_id", "content_hash", "policy_checksum", name="posts_once"),
    )
    op.create_index("posts_queue", "posts", ["current", "severity", "id"])
    op.create_index("posts_content", "posts", ["content_hash", "policy_checksum"])
    op.create_index("posts_age", "posts", ["checked_at"])
    op.create_index("posts_parent", "posts", ["source", "parent"])
    op.create_index("posts_author", "posts", ["source", "author"])


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        *_texts("at", "by", "action", "source", "post_id", "content_hash", "policy_checksum", "model_checksum"),
        *_texts("reason", "labels"),
        sa.Column("previous", sa.Text, nullable=False, unique=True),
        sa.Column("hash", sa.Text, nullable=False, unique=True),
    )
    op.create_index("evidence_content", "evidence", ["content_hash", "policy_checksum", "seq"])
    op.create_index("evidence_post", "evidence", ["source", "post_id", "seq"])
    op.create_table(
        "standing",
        sa.Column("content_hash", sa.Text, primary_key=True),
        sa.Column("policy_checksum", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, sa.ForeignKey("evidence.seq"), nullable=False),
        *_texts("action"),
    )
    op.create_table(
        "outcomes",
        sa.Column("seq", sa.BigInteger, sa.ForeignKey("evidence.seq"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        *_texts("rule", "kind", "outcome"),
    )


def _accounts() -> None:
    op.create_table(
        "users",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("password_hash", sa.Text),
        *_texts("role"),
        sa.Column("active", sa.Boolean, nullable=False),
        *_texts("created_at"),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.Text, primary_key=True),
        *_texts("user", "csrf"),
        sa.Column("started", sa.Float, nullable=False),
        sa.Column("seen", sa.Float, nullable=False),
    )
    op.create_index("sessions_user", "sessions", ["user"])
    op.create_table(
        "attempts",
        sa.Column("id", ROW_NUMBER, primary_key=True, autoincrement=True),
        *_texts("subject"),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("attempts_subject", "attempts", ["subject", "at"])
