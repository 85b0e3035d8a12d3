"""Mastodon archives: `outbox.json`, an ActivityPub collection; boosts are left out, direct posts too unless asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from detector.post import Post, Rejected
from detector.readers.base.contract import Recognition, Sample, Source
from detector.readers.base.fields import text_of, words_of
from detector.readers.base.json_items import Item, json_items, read_items
from detector.readers.base.recognition import is_json_document, keys_in

ACCOUNT = ("inbox", "outbox", "preferredUsername")
_LIST_OF_ADDRESSES = re.compile(r'"orderedItems"\s*:\s*\[\s*"')
PUBLIC = ("https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public")


def recognises(sample: Sample) -> Recognition:
    """A collection with `orderedItems`, or the account's own page, which lies beside it."""
    known = is_json_document(sample, "orderedItems") or is_json_document(sample, *ACCOUNT)
    return Recognition.CERTAIN if known else Recognition.NO


def read(source: Source) -> Iterator[Post | Rejected]:
    """Each activity is a record; the content warning is the title, the content stays HTML."""
    if "orderedItems" not in keys_in(source.sample):
        yield source.reject(None, "the account's own page, no list of posts", left_out=True)
    elif _LIST_OF_ADDRESSES.search(source.sample.text):
        yield source.reject(None, "a list of others' posts (likes, bookmarks)", left_out=True)
    else:
        yield from read_items(source, json_items(source, "orderedItems"), _post, "content")


def _post(source: Source, item: Item) -> Post | Rejected:
    note = item.value.get("object")
    if item.value.get("type") != "Create" or not isinstance(note, dict):
        kind = words_of(item.value, "type") or "unknown"
        return source.reject(item.number, f"an activity that is no post of one's own ({kind})", left_out=True)
    if not source.options.private_messages and _is_direct(note):
        return source.reject(item.number, "a direct message", cure="--private reads them too", left_out=True)
    text = text_of(note, "content", source, item.number)
    if isinstance(text, Rejected):
        return text
    return Post(
        id=words_of(note, "id") or f"{source.stem}:{item.number}",
        text=text,
        author=words_of(note, "attributedTo") or words_of(item.value, "actor"),
        created=words_of(note, "published"),
        title=words_of(note, "summary"),
        parent=words_of(note, "inReplyTo"),
        url=words_of(note, "url"),
        origin=source.origin(item.number),
        format="html",
        extra=_extra(note),
    )


def _is_direct(note: Mapping[str, Any]) -> bool:
    """Addressed to neither the public nor the followers."""
    to, copy = ([value] if isinstance(value := note.get(key) or [], str) else value for key in ("to", "cc"))
    receivers = [name for names in (to, copy) if isinstance(names, list) for name in names]
    return bool(receivers) and not any(name in PUBLIC or str(name).endswith("/followers") for name in receivers)


def _extra(note: Mapping[str, Any]) -> dict[str, str]:
    languages = note.get("contentMap")
    language = next(iter(languages), None) if isinstance(languages, dict) else None
    edited = words_of(note, "updated")
    return ({"language": language} if language else {}) | ({"edited": edited} if edited else {})
