"""StockTwits messages as its API gives them: responses with `messages`, arrays, or one message a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from detector.post import Post, Rejected
from detector.readers.base.contract import Recognition, Sample, Source
from detector.readers.base.fields import text_of, words_of
from detector.readers.base.json_items import ROOT, Item, json_items, line_items, read_items
from detector.readers.base.recognition import first_objects, is_json_document

MESSAGE = {"body", "symbols", "user"}


def recognises(sample: Sample) -> Recognition:
    """Objects with `body`, `user` and `symbols`, as an array or as lines."""
    known = is_json_document(sample, *MESSAGE, "symbol")
    return Recognition.CERTAIN if known else Recognition.NO


def read(source: Source) -> Iterator[Post | Rejected]:
    """Each message is a record."""
    lines = any(record.keys() >= MESSAGE for record in first_objects(source.sample))
    items = line_items(source) if lines else json_items(source, ROOT, "messages")
    yield from read_items(source, items, _post, "body")


def _post(source: Source, item: Item) -> Post | Rejected:
    record = item.value
    text = text_of(record, "body", source, item.number)
    if isinstance(text, Rejected):
        return text
    return Post(
        id=words_of(record, "id") or f"{source.stem}:{item.number}",
        text=text,
        author=words_of(record, "user"),
        created=words_of(record, "created_at"),
        parent=_parent(record),
        origin=source.origin(item.number),
        extra=_extra(record),
    )


def _parent(record: dict[str, Any]) -> str | None:
    """What a message answers; one that opens a conversation is named as its own parent, and answers nothing."""
    answered = words_of(record, "conversation.in_reply_to_message_id")
    opening = words_of(record, "conversation.parent_message_id")
    return answered or (None if opening == words_of(record, "id") else opening)


def _extra(record: dict[str, Any]) -> dict[str, Any]:
    named = record.get("symbols")
    named = [entry for entry in named if isinstance(entry, dict)] if isinstance(named, list) else []
    symbols = [words_of(entry, "symbol") for entry in named]
    sentiment = words_of(record, "entities.sentiment.basic")
    return ({"symbols": symbols} if symbols else {}) | ({"sentiment": sentiment} if sentiment else {})
