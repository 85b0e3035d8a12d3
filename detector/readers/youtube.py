"""YouTube Takeout: `comments.csv` and live chats, whose text column holds JSON segments in newer exports."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import msgspec

from detector.post import Post, Rejected
from detector.readers.base.contract import Recognition, Sample, Source
from detector.readers.base.json_values import half_pair
from detector.readers.base.tables import header, read_rows


def recognises(sample: Sample) -> Recognition:
    """The columns `Comment Text` or `Live Chat Text` beside `Channel ID`, in any case."""
    columns = set(map(str.lower, header(sample)))
    known = "channel id" in columns and not columns.isdisjoint(("comment text", "live chat text"))
    return Recognition.CERTAIN if known else Recognition.NO


def read(source: Source) -> Iterator[Post | Rejected]:
    """Each row is a record; the author is the channel's id."""
    is_chat = "live chat text" in map(str.lower, header(source.sample))
    yield from read_rows(source, "live chat text", _chat) if is_chat else read_rows(source, "comment text", _comment)


def _comment(source: Source, number: int, row: Mapping[str, str]) -> Post | Rejected:
    return _post(source, number, row, "comment")


def _chat(source: Source, number: int, row: Mapping[str, str]) -> Post | Rejected:
    return _post(source, number, row, "live chat")


def _post(source: Source, number: int, row: Mapping[str, str], kind: str) -> Post | Rejected:
    text = _text(row.get(f"{kind} text", ""))
    if rejected := half_pair(source, number, text):  # from an escape in a segment
        return rejected
    return Post(
        id=row.get(f"{kind} id") or f"{source.stem}:{number}",
        text=text,
        author=row.get("channel id") or None,
        created=row.get(f"{kind} create timestamp") or None,
        parent=_parent(row),
        origin=source.origin(number),
        extra={"community": place} if (place := row.get("video id") or row.get("post id")) else {},
    )


def _parent(row: Mapping[str, str]) -> str | None:
    """The comment that is answered; the newest exports name the thread's first comment beside it."""
    opening = row.get("top-level comment id")
    return row.get("parent comment id") or (opening if opening != row.get("comment id") else None) or None


def _text(cell: str) -> str:
    """The words in a text cell: plain, `{"text": ...},{...}`, or those under `takeoutSegments`."""
    if not cell.startswith("{"):
        return cell
    try:
        segments = msgspec.convert(json.loads(f"[{cell}]", strict=False), list[_Segment])  # line ends may be raw
    except (ValueError, RecursionError):  # msgspec's own errors among them
        return cell
    return "".join(part.text for segment in segments for part in (segment.takeoutSegments or [segment]))


class _Segment(msgspec.Struct):
    text: str = ""
    takeoutSegments: list[_Segment] = []  # noqa: N815  # the export's name
