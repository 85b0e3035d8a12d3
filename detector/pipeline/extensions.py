"""The `doc._` attributes through which our components meet each other and the engine."""

from __future__ import annotations

from typing import Any

from spacy.tokens import Doc

DEFAULTS: dict[str, Any] = {
    "view": None,
    "regions": (),
    "passages": (),
    "judgements": (),
    "score": None,
    "disclaimers": (),
    "language": "",
}


def read(doc: Doc, name: str) -> Any:  # noqa: ANN401 (what `doc._` gives)
    """The same as `getattr(doc._, name)`, at a tenth of its price: it counts, as posts are short."""
    values: dict[Any, Any] = doc.user_data
    return values.get(("._.", name, None, None), DEFAULTS[name])


def write(doc: Doc, **values: object) -> None:
    """The same as setting attributes of `doc._`."""
    written: dict[Any, Any] = doc.user_data
    for name, value in values.items():
        written["._.", name, None, None] = value


def register() -> None:
    """Register the attributes; safe to call again."""
    for name, default in DEFAULTS.items():
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=default)
