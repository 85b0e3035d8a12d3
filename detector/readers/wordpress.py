"""WordPress exports (WXR): published posts and pages, with their approved comments."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from detector.post import Post, Rejected
from detector.readers.base.contract import Recognition, Sample, Source
from detector.readers.base.xml_elements import child_text, elements, local_name

CONTENT = "purl.org/rss/1.0/modules/content/"
KINDS = ("post", "page", "topic", "reply", "")  # topics and replies are those of the forum bbPress
PUBLIC = ("publish", "closed", "")  # a closed topic can still be read


def recognises(sample: Sample) -> Recognition:
    """RSS with WordPress's export namespace."""
    known = sample.text.lstrip()[:1] == "<" and "wordpress.org/export/" in sample.text
    return Recognition.CERTAIN if known else Recognition.NO


def read(source: Source) -> Iterator[Post | Rejected]:
    """Each item and each comment is a record; drafts, menus, pictures, spam and pingbacks are left out."""
    number = 0
    for item in elements(source, "item"):
        number += 1
        post_id = child_text(item, "post_id") or f"{source.stem}:{number}"
        yield _post(source, number, item, post_id)
        for comment in item:
            if local_name(comment) == "comment":
                number += 1
                yield _comment(source, number, comment, post_id)


def _post(source: Source, number: int, item: Element, post_id: str) -> Post | Rejected:
    kind, status = child_text(item, "post_type"), child_text(item, "status")
    if kind not in KINDS:
        return source.reject(number, f"no post ({kind})", left_out=True)
    if status not in PUBLIC:
        return source.reject(number, f"not published ({status})", left_out=True)
    return Post(
        id=post_id,
        text=child_text(item, "encoded", space=CONTENT),
        author=child_text(item, "creator") or None,
        created=_created(item, "post_date"),
        title=child_text(item, "title") or None,
        parent=(child_text(item, "post_parent") or None) if kind == "reply" else None,
        url=child_text(item, "link") or None,
        origin=source.origin(number),
        format="html",
    )


def _created(element: Element, name: str) -> str | None:
    """The date in UTC, else in the site's own time; WordPress writes zeros for what it does not know."""
    dates = (child_text(element, f"{name}_gmt"), child_text(element, name), child_text(element, "pubDate"))
    return next((date for date in dates if date.strip("0-: ")), None)


def _comment(source: Source, number: int, comment: Element, post_id: str) -> Post | Rejected:
    approved, kind = child_text(comment, "comment_approved"), child_text(comment, "comment_type")
    if approved not in ("1", ""):
        return source.reject(number, f"a comment that was not approved ({approved})", left_out=True)
    if kind not in ("comment", ""):
        return source.reject(number, f"no comment ({kind})", left_out=True)
    above = child_text(comment, "comment_parent")
    return Post(
        id=f"{post_id}/c{child_text(comment, 'comment_id') or number}",
        text=child_text(comment, "comment_content"),
        author=child_text(comment, "comment_author") or None,
        created=_created(comment, "comment_date"),
        parent=f"{post_id}/c{above}" if above not in ("", "0") else post_id,
        origin=source.origin(number),
        format="html",
    )
