"""Facebook and Instagram exports as JSON: posts, comments, group posts; private messages only when asked for."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from detector.post import Post, Rejected
from detector.readers.base.contract import Recognition, Sample, Source
from detector.readers.base.fields import words_of
from detector.readers.base.json_items import ANY, ROOT, Item, json_items, read_items
from detector.readers.base.json_values import decode_object
from detector.readers.base.recognition import is_json_document

FOLDERS = ("your_facebook_activity/", "your_activity_across_facebook/", "your_instagram_activity/")
BESIDE = ("personal_information/", "logged_information/", "security_and_login_information/", "ads_information/",
          "apps_and_websites_off_of_", "preferences/", "connections/")  # fmt: skip
_ROOT = re.compile(r'\s*\{\s*"(\w+_v2|label_values)"')
ENTRY = {"timestamp", "creation_timestamp", "data", "media", "string_map_data", "label_values"}
RECOGNISED_BY = (
    ("timestamp", "data", "post"),
    ("timestamp", "data", "comment"),
    ("comments_v2",),
    ("group_posts_v2",),
    ("group_comments_v2",),
    ("media", "creation_timestamp", "title"),
    ("string_map_data",),
    ("string_list_data",),
    ("label_values", "timestamp"),
    ("participants", "sender_name", "timestamp_ms"),
)
OWN_WORDS = ("Message", "Comment", "Post")
"""Labels, in `label_values`, that stand over words of one's own; under `Caption` and `Title` are others' words."""


def recognises(sample: Sample) -> Recognition:
    """The keys of one of its files, or a JSON file in one of its folders."""
    own_folder = is_json_document(sample) and any(folder in sample.file for folder in FOLDERS)
    known = own_folder or _stands_beside(sample) or any(is_json_document(sample, *keys) for keys in RECOGNISED_BY)
    return Recognition.CERTAIN if known else Recognition.NO


def _stands_beside(sample: Sample) -> bool:
    """True for searches, settings and logs: by their folder, and their root key as these exports name it."""
    return any(folder in sample.file for folder in BESIDE) and _ROOT.match(sample.text) is not None


def read(source: Source) -> Iterator[Post | Rejected]:
    """Each entry is a record; the exporter's broken letters are repaired."""
    if _stands_beside(source.sample):
        yield source.reject(None, "searches, settings, logs: no posts", left_out=True)
    elif '"timestamp_ms"' in source.sample.text:
        yield from _read_messages(source)
    else:
        yield from read_items(source, _entries(source), _post, "post")


def _entries(source: Source) -> Iterator[Item | Rejected]:
    """The entries of a file's list, under whatever key; a file of one entry may hold it without a list."""
    if source.sample.text.lstrip()[:1] != "{" or not source.sample.whole:
        yield from json_items(source, ROOT, ANY)
        return
    data = source.stream.read()
    value = decode_object(source, 1, data)
    if isinstance(value, Rejected):
        yield value
    elif value.keys() & ENTRY:
        yield Item(1, data, value, {})
    else:
        yield from json_items(replace(source, stream=io.BytesIO(data)), ANY)


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
    texts = list(dict.fromkeys(map(repaired, _texts(record, source))))
    if not texts:
        return source.reject(item.number, _without_words(record), left_out=True)
    authors = [words_of(record, "author"), *(words_of(part, "comment.author") for part in _parts(record, "data"))]
    author = next(filter(None, authors), None)
    return Post(
        id=words_of(record, "id") or words_of(record, "fbid") or f"{source.stem}:{item.number}",
        text="\n\n".join(texts),
        author=repaired(author) if author else None,
        created=next(filter(None, _dates(record)), None),
        origin=source.origin(item.number),
    )


def _parts(record: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects in the list under `key`."""
    parts = record.get(key)
    return [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []


def _texts(record: Mapping[str, Any], source: Source) -> Iterator[str]:
    """The words of an entry, wherever its kind of file keeps them; `title` of a post is the site's sentence."""
    for part in _parts(record, "data"):
        yield from filter(None, (words_of(part, "post"), words_of(part, "comment.comment")))
    pictures = _parts(record, "media")
    if pictures:
        yield from filter(None, [words_of(record, "title"), *(words_of(part, "title") for part in pictures)])
    attached = [part for attachment in _parts(record, "attachments") for part in _parts(attachment, "data")]
    captions = [words_of(record, "description"), *(words_of(part, "media.description") for part in attached)]
    labelled = [words_of(part, "value") for part in _parts(record, "label_values") if part.get("label") in OWN_WORDS]
    yield from filter(None, [*captions, _comment(record, source), *labelled])


def _comment(record: Mapping[str, Any], source: Source) -> str | None:
    """An Instagram comment: under `Comment`, or first under that word in the account's language."""
    fields = record.get("string_map_data")
    if not isinstance(fields, dict):
        return None
    first = next(iter(fields), "") if "comments" in source.file else ""
    return words_of(fields, "Comment.value") or words_of(fields, f"{first}.value")


def _dates(record: Mapping[str, Any]) -> Iterator[str | None]:
    fields = record.get("string_map_data")
    yield from (words_of(record, "timestamp"), words_of(record, "creation_timestamp"))
    yield from (words_of(part, "creation_timestamp") for part in _parts(record, "media"))
    for field in fields.values() if isinstance(fields, dict) else ():
        yield words_of(field, "timestamp") if isinstance(field, dict) else None


def _without_words(record: Mapping[str, Any]) -> str:
    labels = [label for part in _parts(record, "label_values") if (label := words_of(part, "label"))]
    if labels:
        return f"under none of its labels ({', '.join(map(repaired, labels))}) are words known to be one's own"
    return "an entry without words (a picture, a like, a share)"


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
