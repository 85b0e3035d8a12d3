"""Facebook and Instagram exports as JSON: posts, comments, group posts; private messages only when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from detector.post import Post, Rejected
from detector.readers.base.contract import Recognition, Sample, Source
from detector.readers.base.fields import words_of
from detector.readers.base.json_items import ROOT, Item, json_items, read_items
from detector.readers.base.json_values import decode_object
from detector.readers.base.recognition import is_json_document, keys_in

ARRAYS = (ROOT, "comments_v2", "group_posts_v2", "group_comments_v2", "comments_media_comments", "ig_reels_media")
RECOGNISED_BY = (
    ("timestamp", "data", "post"),
    ("comments_v2",),
    ("group_posts_v2",),
    ("group_comments_v2",),
    ("media", "creation_timestamp", "title"),
    ("string_map_data", "Comment"),
    ("participants", "sender_name", "timestamp_ms"),
)


def recognises(sample: Sample) -> Recognition:
    """The keys of one of its files."""
    known = any(is_json_document(sample, *keys) for keys in RECOGNISED_BY)
    return Recognition.CERTAIN if known else Recognition.NO


def read(source: Source) -> Iterator[Post | Rejected]:
    """Each entry is a record; the exporter's broken letters are repaired."""
    if '"timestamp_ms"' in source.sample.text:
        yield from _read_messages(source)
    else:
        yield from read_items(source, _entries(source), _post, "post")


def _entries(source: Source) -> Iterator[Item | Rejected]:
    """The entries of a file's list; a file of one entry may hold it without a list."""
    alone = source.sample.text.lstrip()[:1] == "{" and keys_in(source.sample).isdisjoint(ARRAYS)
    if not (alone and source.sample.whole):
        yield from json_items(source, *ARRAYS)
        return
    data = source.stream.read()
    value = decode_object(source, 1, data)
    yield value if isinstance(value, Rejected) else Item(1, data, value, {})


def _read_messages(source: Source) -> Iterator[Post | Rejected]:
    if source.options.private_messages:
        yield from read_items(source, json_items(source, "messages"), _message, "content")
    else:
        yield source.reject(None, "private messages", cure="--private reads them too", left_out=True)


def repaired(text: str) -> str:
    """Undo the exporter's writing of UTF-8 bytes as Latin-1 letters, if the whole text is so written."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _post(source: Source, item: Item) -> Post | Rejected:
    record = item.value
    texts = list(_texts(record))
    if not texts:
        return source.reject(item.number, "an entry without words (a picture, a like, a share)", left_out=True)
    authors = [words_of(record, "author"), *(words_of(part, "comment.author") for part in _data(record))]
    author = next(filter(None, authors), None)
    when = ("timestamp", "creation_timestamp", "string_map_data.Time.timestamp")
    media = record.get("media")
    first = media[0] if isinstance(media, list) and media and isinstance(media[0], dict) else {}
    return Post(
        id=words_of(record, "id") or f"{source.stem}:{item.number}",
        text="\n\n".join(map(repaired, texts)),
        author=repaired(author) if author else None,
        created=next((date for key in when if (date := words_of(record, key))), words_of(first, "creation_timestamp")),
        origin=source.origin(item.number),
    )


def _data(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    data = record.get("data")
    return [part for part in data if isinstance(part, dict)] if isinstance(data, list) else []


def _texts(record: Mapping[str, Any]) -> Iterator[str]:
    """The words of an entry, wherever its kind of file keeps them; `title` of a post is the site's sentence."""
    for part in _data(record):
        yield from filter(None, (words_of(part, "post"), words_of(part, "comment.comment")))
    media = record.get("media")
    pictures = [part for part in media if isinstance(part, dict)] if isinstance(media, list) else []
    if pictures:
        titles = [words_of(record, "title"), *(words_of(part, "title") for part in pictures)]
        yield from dict.fromkeys(filter(None, titles))
    yield from filter(None, [words_of(record, "string_map_data.Comment.value")])


def _message(source: Source, item: Item) -> Post | Rejected:
    text = words_of(item.value, "content")
    if text is None:
        return source.reject(item.number, "a message without words", left_out=True)
    author = words_of(item.value, "sender_name")
    return Post(
        id=f"{source.stem}:{item.number}",
        text=repaired(text),
        author=repaired(author) if author else None,
        created=words_of(item.value, "timestamp_ms"),
        origin=source.origin(item.number),
    )
