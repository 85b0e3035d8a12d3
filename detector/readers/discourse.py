"""Discourse user archives: `user_archive.csv` and `queued_posts.csv`; private messages only when asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from detector.post import Post, Rejected
from detector.readers.base.contract import Recognition, Sample, Source
from detector.readers.base.recognition import is_json_document
from detector.readers.base.tables import header, headers, read_rows

_POST_NUMBER = re.compile(r"(/t/(?:[^/]+/)?\d+)/(\d+)$")
NO = frozenset({
    "no", "false", "0", "nein", "non", "nee", "não", "nao", "nej", "nei", "ei", "ne", "nie", "nem", "nu", "нет", "ні",
    "не", "否", "不是", "いいえ", "아니요", "아니오", "hayır", "tidak", "không", "όχι", "לא", "لا",
})  # fmt: skip
"""What `is_pm` says of public posts; the column is written in the forum's language."""


BESIDE = headers(
    "location,website,bio,views",
    "id,auth_token_hash,prev_auth_token_hash,auth_token_seen,client_ip,user_agent,seen_at,rotated_at,created_at,updated_at",
    "id,action,user_auth_token_id,client_ip,auth_token_hash,created_at,path,user_agent",
    "badge_id,badge_name,granted_at,post_id,seq,granted_manually,notification_id,featured_rank",
    "bookmarkable_id,bookmarkable_type,link,name,created_at,updated_at,reminder_at,reminder_last_sent_at,reminder_set_at,"
    "auto_delete_preference",
    "category_id,category_names,notification_level,dismiss_new_timestamp",
    "id,post_id,flag_type,created_at,updated_at,deleted_at,deleted_by,related_post_id,targets_topic,was_take_action",
    "id,post_id,topic_id,post_number,created_at,updated_at,deleted_at,deleted_by",
    "id,post_id,post_action_type,created_at,updated_at,deleted_at,deleted_by,related_post_id",
    "visited_at,posts_read,mobile,time_read",
)
"""Headers of the archive's other tables, after its `export_user_archive.rb`."""


def recognises(sample: Sample) -> Recognition:
    """The column `post_raw`; other tables of the archive by their whole header, `preferences.json` by its keys."""
    known = "post_raw" in header(sample) or _stands_beside(sample)
    return Recognition.CERTAIN if known else Recognition.NO


def _stands_beside(sample: Sample) -> bool:
    return header(sample) in BESIDE or is_json_document(sample, "user_option", "username", "trust_level")


def read(source: Source) -> Iterator[Post | Rejected]:
    """Each row is a record; a reply's parent is its topic's first post, whose title it does not repeat."""
    if _stands_beside(source.sample):
        yield source.reject(None, "visits, likes, settings: no posts", left_out=True)
    else:
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
