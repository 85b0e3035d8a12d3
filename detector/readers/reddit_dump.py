"""Reddit dumps (Pushshift, Arctic Shift): submissions and comments as JSON Lines, mostly in `.zst`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from detector.post import Post, Rejected
from detector.readers.base.contract import Recognition, Sample, Source
from detector.readers.base.fields import text_of, words_of
from detector.readers.base.json_items import Item, line_items
from detector.readers.base.json_values import gives_twice
from detector.readers.base.recognition import first_objects

COMMENT = {"subreddit", "body", "link_id"}
SUBMISSION = {"subreddit", "selftext", "title"}
GONE = ("[deleted]", "[removed]", "[deleted by user]")


def recognises(sample: Sample) -> Recognition:
    """Lines that are comments (`body`, `link_id`) or submissions (`selftext`, `title`) of a subreddit."""
    known = any(record.keys() >= COMMENT or record.keys() >= SUBMISSION for record in first_objects(sample))
    return Recognition.CERTAIN if known else Recognition.NO


def read(source: Source) -> Iterator[Post | Rejected]:
    """Each line is a record; ids are full names (`t1_`, `t3_`), so that parents can be found."""
    for item in line_items(source):
        yield item if isinstance(item, Rejected) else _post(source, item)


def _post(source: Source, item: Item) -> Post | Rejected:
    record = item.value
    is_comment = "body" in record
    key = "body" if is_comment else "selftext"
    if gives_twice(item.data, key):
        return source.reject(item.number, f"gives {key!r} twice", cure="keep the one that was shown")
    text = text_of(record, key, source, item.number)
    if isinstance(text, Rejected):
        return text
    title = None if is_comment else words_of(record, "title")
    if text in GONE and title in (None, *GONE):  # a submission's title outlives its text
        return source.reject(item.number, "deleted before it was archived", left_out=True)
    return Post(
        id=_full_name(record, "t1_" if is_comment else "t3_", source.stem, item.number),
        text=text,
        author=words_of(record, "author"),
        created=words_of(record, "created_utc"),
        title=title,
        parent=words_of(record, "parent_id") or words_of(record, "link_id"),
        url=words_of(record, "permalink"),
        origin=source.origin(item.number),
        format="markdown",
        extra={
            name: value
            for name, key in (("community", "subreddit"), ("edited", "edited"))
            if (value := words_of(record, key))
        },
    )


def _full_name(record: Mapping[str, Any], prefix: str, stem: str, number: int) -> str:
    short = words_of(record, "id")
    return f"{stem}:{number}" if short is None else prefix + short.removeprefix(prefix)
