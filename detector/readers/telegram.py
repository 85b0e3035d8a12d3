"""Telegram Desktop exports: `result.json` of one chat or of all; private chats only when asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from detector.post import Post, Rejected
from detector.readers.base.contract import Recognition, Sample, Source
from detector.readers.base.fields import value_of, words_of
from detector.readers.base.json_items import Item, json_items, read_items
from detector.readers.base.recognition import is_json_document, keys_in

CHAT_KEYS = ("date_unixtime", "from_id", "text_entities")
PRIVATE = ("personal_chat", "bot_chat", "saved_messages", "verify_codes")
CHAT_PLACES = ("chats.list.", "left_chats.list.", "chats.", "")
_CHAT_TYPE = re.compile(
    r'"type"\s*:\s*"(personal_chat|bot_chat|saved_messages|(private|public)_(supergroup|group|channel))"'
)
_ODD_ESCAPE = re.compile(rb"((?<!\\)(?:\\\\)*)\\x([0-9A-Fa-f]{2})")


def recognises(sample: Sample) -> Recognition:
    """`messages` with `date_unixtime`, `from_id` or a chat's type; a full export opens with `personal_information`."""
    named = not keys_in(sample).isdisjoint(CHAT_KEYS) or _CHAT_TYPE.search(sample.text) is not None
    chat = is_json_document(sample, "messages", "type") and named
    known = chat or is_json_document(sample, "about", "personal_information")
    return Recognition.CERTAIN if known else Recognition.NO


def read(source: Source) -> Iterator[Post | Rejected]:
    """Each message is a record; notices of the service and private chats are left out."""
    yield from read_items(source, json_items(source, "messages", repair=repair), _post, "text")


def repair(data: bytes) -> bytes:
    r"""Turn Telegram's `\x1f`, which no JSON reader takes, into `\u001f`."""
    return _ODD_ESCAPE.sub(rb"\1\\u00\2", data)


def _post(source: Source, item: Item) -> Post | Rejected:
    record = item.value
    chat = _chat(item.context)
    if record.get("type") == "service":
        return source.reject(item.number, "a notice of the service, no message", left_out=True)
    if chat.get("type") in PRIVATE and not source.options.private_messages:
        return source.reject(item.number, "a private message", cure="--private reads them too", left_out=True)
    text = _text(record)
    if text is None:
        return source.reject(item.number, "'text' holds neither text nor a list of pieces of text")
    id_ = words_of(record, "id") or str(item.number)
    prefix = chat.get("id") or source.stem
    reply = words_of(record, "reply_to_message_id")
    extra = {"community": chat.get("name"), "edited": words_of(record, "edited_unixtime")}
    text = "\n\n".join(filter(None, [text, _flat(value_of(record, "poll.question"))]))
    return Post(
        id=f"{prefix}/{id_}",
        text=text,
        author=words_of(record, "from") or words_of(record, "from_id"),
        created=words_of(record, "date_unixtime") or words_of(record, "date"),
        parent=f"{prefix}/{reply}" if reply else None,
        origin=source.origin(item.number),
        extra={name: value for name, value in extra.items() if value},
    )


def _chat(context: Mapping[str, str]) -> dict[str, str]:
    """What is known of the chat: at the top of an export of one, in its list in an export of all."""
    return {
        key: value
        for key in ("name", "type", "id")
        if (value := next(filter(None, (context.get(f"{place}{key}") for place in CHAT_PLACES)), None))
    }


def _text(record: Mapping[str, Any]) -> str | None:
    """The words of a message; tools that trim exports leave `text` as its first piece and the rest in the entities."""
    text = _flat(record.get("text"))
    whole = _flat(record.get("text_entities"))
    return whole if text is not None and whole and len(whole) > len(text) and whole.startswith(text) else text


def _flat(text: Any) -> str | None:  # noqa: ANN401  # whatever the export holds
    """The text of a message: plain, or in pieces of which some are marked up."""
    if text is None or isinstance(text, str):
        return text or ""
    if not isinstance(text, list):
        return None
    pieces = [piece.get("text") if isinstance(piece, dict) else piece for piece in text]
    words = [piece for piece in pieces if isinstance(piece, str)]
    return "".join(words) if len(words) == len(pieces) else None
