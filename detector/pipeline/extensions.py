"""The `doc._` attributes through which our components meet each other and the engine."""

from __future__ import annotations

from spacy.tokens import Doc

DEFAULTS = {"view": None, "regions": (), "passages": (), "judgements": (), "disclaimers": (), "language": ""}


def register() -> None:
    """Register the attributes; safe to call again."""
    for name, default in DEFAULTS.items():
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=default)
