"""Which column or key of a generic export holds what: usual names, and the user's own (`--map`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

from detector.errors import ConfigError
from detector.post import Origin, Post, Rejected
from detector.readers.base.contract import Source

USUAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "text": (
        "text", "body", "content", "message", "selftext", "full_text", "post_text", "comment_text",
        "message_text", "post_body", "comment_body", "comment", "post", "tweet", "raw", "post_raw",
        "description", "contents",
    ),
    "id": (
        "id", "id_str", "post_id", "comment_id", "message_id", "tweet_id", "status_id", "uuid", "guid",
    ),
    "author": (
        "author", "author_name", "username", "user_name", "user", "screen_name", "nickname", "handle",
        "author_id", "user_id", "from", "sender",
    ),
    "created": (
        "created", "created_at", "created_utc", "created_time", "date", "datetime", "timestamp", "time",
        "published", "published_at", "posted_at", "post_date", "date_posted",
    ),
    "title": ("title", "post_title", "subject", "headline"),
    "parent": (
        "parent", "parent_id", "in_reply_to", "in_reply_to_id", "in_reply_to_status_id", "reply_to",
        "parent_comment_id",
    ),
    "url": ("url", "permalink", "link", "href"),
    "edited": ("edited", "edited_at", "updated_at", "modified"),
    "language": ("language", "lang"),
    "symbols": ("symbols", "symbol", "tickers", "ticker", "cashtags"),
    "community": ("community", "subreddit", "forum", "group", "channel", "board"),
}  # fmt: skip
"""Field to names, likeliest first; case, spaces, `_` and `-` do not matter."""

FIELDS = tuple(USUAL_NAMES)
MOST_SHAPES = 1000
MOST_SHOWN = 50
LONGEST_SHOWN = 60
_WORD_FIELDS = frozenset({"id", "author", "created", "title", "parent", "url"})
_NAMED_INSIDE = ("username", "screen_name", "display_name", "name", "login", "id")


def check_field_map(field_map: Mapping[str, str]) -> None:
    """Raise `ConfigError` for a field that no post has."""
    for field in field_map:
        if field not in FIELDS:
            close = get_close_matches(field, FIELDS, 1)
            hint = f"did you mean {close[0]}? " if close else ""
            raise ConfigError("--map", f"unknown field {field!r}", f"{hint}fields: {', '.join(FIELDS)}")


def choose(names: Iterable[str], field_map: Mapping[str, str]) -> dict[str, str]:
    """Which of `names` holds each field: the user's choice, else the likeliest usual name."""
    names = list(names)
    plain = {_plain(name): name for name in reversed(names)}
    chosen = {}
    for field, usual in USUAL_NAMES.items():
        if field in field_map:
            own = field_map[field]
            if own in names or own.partition(".")[0] in names:
                chosen[field] = own
        else:
            found = next((plain[key] for key in map(_plain, usual) if key in plain), None)
            if found is not None:
                chosen[field] = found
    return chosen


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def no_text(names: Iterable[str], field_map: Mapping[str, str]) -> tuple[str, str]:
    """Reason and cure for data in which no column holds the text."""
    known = shown(names)
    wanted = f"no column {field_map['text']!r}" if "text" in field_map else "no column with the post's text"
    return f"{wanted}; columns: {known}", "name it: --map text=COLUMN"


def shown(names: Iterable[object]) -> str:
    """Names as a message can hold them: not too many, none too long."""
    names = [str(name) for name in names]
    short = [name if len(name) <= LONGEST_SHOWN else name[:LONGEST_SHOWN] + "…" for name in names[:MOST_SHOWN]]
    more = [f"and {len(names) - MOST_SHOWN:,} more"] if len(names) > MOST_SHOWN else []
    return ", ".join(short + more) or "none"


def value_of(record: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401  # JSON values are of any type
    """The value under `name`; a dotted name leads into nested objects."""
    if name in record or "." not in name:
        return record.get(name)
    value: Any = record
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def as_words(value: Any) -> str | None:  # noqa: ANN401
    """A scalar as text; of an object (a user), its name; None when there is nothing."""
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool | list):
        return None
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, dict):
        return next((as_words(value[key]) for key in _NAMED_INSIDE if value.get(key)), None)
    return value.isoformat() if isinstance(value, date) else str(value)


def text_of(record: Mapping[str, Any], name: str, source: Source, number: int) -> str | Rejected:
    """The text under `name`; null is an empty text, anything but text is quarantined."""
    text = value_of(record, name)
    if isinstance(text, str):
        return text
    if text is None and (name in record or "." in name):
        return ""
    what = f"there is no {name!r}" if text is None else f"{name!r} holds a {type(text).__name__}, not text"
    return source.reject(number, what)


def words_of(record: Mapping[str, Any], name: str) -> str | None:
    """The scalar under `name` as text."""
    value = record.get(name)
    return as_words(value_of(record, name) if value is None else value)


def make_post(record: Mapping[str, Any], chosen: Mapping[str, str], source: Source, number: int) -> Post | Rejected:
    """The post in a generic record; an empty text is a post, a text that is no text is quarantined."""
    if "text" not in chosen:
        reason, cure = no_text(record, source.options.field_map)
        return source.reject(number, reason, cure=cure)
    text = text_of(record, chosen["text"], source, number)
    if isinstance(text, Rejected):
        return text
    if len(text) > (longest := source.options.limits.record_bytes):  # tables in binary know no lines
        reason = f"the text is longer than {longest:,} characters"
        return source.reject(number, reason, cure="raise it: --limits record_bytes=NUMBER")
    words: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for field, name in chosen.items():
        if field in _WORD_FIELDS:
            words[field] = as_words(value_of(record, name))
        elif field != "text" and (value := value_of(record, name)):
            extra[field] = value if isinstance(value, list) else as_words(value)
    words["id"] = words.get("id") or f"{source.stem}:{number}"
    return Post(text=text, origin=Origin(source.file, number, source.format), extra=extra, **words)


class Shapes:
    """`choose`, remembered for each set of names, since records of one export are much alike."""

    def __init__(self, field_map: Mapping[str, str]) -> None:
        self._field_map = field_map
        self._chosen: dict[tuple[str, ...], dict[str, str]] = {}

    def choose(self, record: Mapping[str, Any]) -> dict[str, str]:
        """Which of the record's names holds each field."""
        shape = tuple(record)
        chosen = self._chosen.get(shape)
        if chosen is None:
            if len(self._chosen) >= MOST_SHAPES:
                self._chosen.clear()  # objects of ever new shapes must not fill the memory
            chosen = self._chosen[shape] = choose(record, self._field_map)
        return chosen
