"""Reddit personal exports: `posts.csv` and `comments.csv`; private messages and chats only when asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from detector.post import Post, Rejected
from detector.readers.base.contract import Recognition, Sample, Source
from detector.readers.base.tables import header, headers, read_rows

PUBLIC = {"id", "permalink", "date", "ip", "subreddit", "gildings", "body"}
MESSAGES = {"id", "permalink", "thread_id", "date", "from", "to", "subject", "body"}
CHATS = {"message_id", "created_at", "username", "message", "channel_url"}
BESIDE = headers(
    "id,permalink,direction",
    "id,permalink",
    "subreddit",
    "statistic,value",
    "preference,value",
    "type,preference",
    "date,ip",
    "account_gender",
    "filename,sha256",
    "username,note",
    "phone_number",
    "id,permalink,date,ip,subreddit,gildings,url",
    "id,permalink,date,ip,subreddit,gildings,link,parent",
    "id,permalink,thread_id,date,ip,from,to",
)
"""Headers of the export's other tables: votes, saved posts, settings, and the posts' own columns without their text."""
GONE = ("[deleted]", "[removed]")
_FULL_NAME = re.compile(r"^t[13]_")  # ids stand without it in these files
_POST_ID = re.compile(r"/comments/(\w+)")


def recognises(sample: Sample) -> Recognition:
    """The columns of one of its files; of those without posts, the whole header."""
    columns = header(sample)
    known = columns in BESIDE or any(wanted <= set(columns) for wanted in (PUBLIC, MESSAGES, CHATS))
    return Recognition.CERTAIN if known else Recognition.NO


def read(source: Source) -> Iterator[Post | Rejected]:
    """Each row is a record; the account's owner is not named in these files."""
    columns = header(source.sample)
    if columns in BESIDE:
        yield source.reject(None, "votes, lists, settings: no posts", left_out=True)
    elif "gildings" in columns:
        yield from read_rows(source, "body", _post)
    else:
        yield from read_rows(source, "message" if "message" in columns else "body", _private_message)


def _post(source: Source, number: int, row: Mapping[str, str]) -> Post | Rejected:
    if row.get("body") in GONE and not row.get("title"):  # a post's title outlives its text
        return source.reject(number, "deleted before it was exported", left_out=True)
    return Post(
        id=row.get("id") or f"{source.stem}:{number}",
        text=row.get("body", ""),
        created=row.get("date") or None,
        title=row.get("title") or None,
        parent=_parent(row) if "link" in row else None,
        url=row.get("permalink") or None,
        origin=source.origin(number),
        format="markdown",
        extra={"community": row["subreddit"]} if row.get("subreddit") else {},
    )


def _parent(row: Mapping[str, str]) -> str | None:
    post = _POST_ID.search(row["link"] or row.get("permalink", ""))
    return _FULL_NAME.sub("", row.get("parent", "")) or (post[1] if post else None)


def _private_message(source: Source, number: int, row: Mapping[str, str]) -> Post | Rejected:
    if not source.options.private_messages:
        return source.reject(number, "a private message", cure="--private reads them too", left_out=True)
    return Post(
        id=row.get("message_id") or row.get("id") or f"{source.stem}:{number}",
        text=row.get("body") or row.get("message") or "",
        author=row.get("from") or row.get("username") or None,
        created=row.get("date") or row.get("created_at") or None,
        title=row.get("subject") or None,
        parent=row.get("thread_parent_message_id") or None,
        origin=source.origin(number),
        format="markdown",
    )
