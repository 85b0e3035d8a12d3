"""Discourse user archives: `user_archive.csv` and `queued_posts.csv`; private messages only when asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from detector.post import Post, Rejected
from detector.readers.base.contract import Recognition, Sample, Source
from detector.readers.base.tables import header, read_rows

_POST_NUMBER = re.compile(r"(/t/(?:[^/]+/)?\d+)/(\d+)$")
NO = frozenset({
    "no", "false", "0", "nein", "non", "nee", "não", "nao", "nej", "nei", "ei", "ne", "nie", "nem", "nu", "нет", "ні",
    "не", "否", "不是", "いいえ", "아니요", "아니오", "hayır", "tidak", "không", "όχι", "לא", "لا",
})  # fmt: skip
"""What `is_pm` says of public posts; the column is written in the forum's language."""


def recognises(sample: Sample) -> Recognition:
    """The column `post_raw`."""
    return Recognition.CERTAIN if "post_raw" in header(sample) else Recognition.NO


def read(source: Source) -> Iterator[Post | Rejected]:
    """Each row is a record; a reply's parent is its topic's first post, whose title it does not repeat."""
    yield from read_rows(source, "post_raw", _post)


def _post(source: Source, number: int, row: Mapping[str, str]) -> Post | Rejected:
    private = row.get("is_pm", "")
    if private and private.casefold() not in NO and not source.options.private_messages:
        reason = f"a private message (is_pm: {private})"
        return source.reject(number, reason, cure="--private reads them too", left_out=True)
    url = row.get("url", "")
    place = _POST_NUMBER.search(url)
    opens_topic = place is None or place[2] == "1"
    return Post(
        id=url or f"{source.stem}:{number}",
        text=row.get("post_raw", ""),
        created=row.get("created_at") or None,
        title=(row.get("topic_title") or None) if opens_topic else None,
        parent=None if place is None or opens_topic else f"{url[: place.start()]}{place[1]}/1",
        url=url or None,
        origin=source.origin(number),
        format="markdown",
        extra={"community": row["categories"]} if row.get("categories") else {},
    )
