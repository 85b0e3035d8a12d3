"""Disqus exports as XML: comments (`post`) on articles (`thread`), with their answers."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from detector.post import Post, Rejected
from detector.readers.base.contract import Recognition, Sample, Source
from detector.readers.base.xml_elements import child_text, elements, local_name

_INTERNAL_ID = "{http://disqus.com/disqus-internals}id"


def recognises(sample: Sample) -> Recognition:
    """Disqus's namespace on the root."""
    known = sample.text.lstrip()[:1] == "<" and "http://disqus.com" in sample.text and "<disqus" in sample.text
    return Recognition.CERTAIN if known else Recognition.NO


def read(source: Source) -> Iterator[Post | Rejected]:
    """Each comment is a record; its article is its community, deleted and spam comments are left out."""
    articles: dict[str, str] = {}
    number = 0
    for element in elements(source, "post", "thread"):
        own_id = element.get(_INTERNAL_ID)
        if local_name(element) == "post":
            number += 1
            yield _post(source, number, element, articles)
        elif own_id and len(element) and len(articles) < source.options.limits.members:
            articles[own_id] = child_text(element, "link") or child_text(element, "title")


def _post(source: Source, number: int, element: Element, articles: dict[str, str]) -> Post | Rejected:
    for mark, words in (("isDeleted", "deleted by the site"), ("isSpam", "marked as spam by the site")):
        if child_text(element, mark).strip() == "true":
            return source.reject(number, words, left_out=True)
    author = next((child for child in element if local_name(child) == "author"), None)
    article = articles.get(_child_id(element, "thread") or "")
    return Post(
        id=element.get(_INTERNAL_ID) or f"{source.stem}:{number}",
        text=child_text(element, "message"),
        author=None if author is None else child_text(author, "username") or child_text(author, "name") or None,
        created=child_text(element, "createdAt") or None,
        parent=_child_id(element, "parent"),
        origin=source.origin(number),
        format="html",
        extra={"community": article} if article else {},
    )


def _child_id(element: Element, name: str) -> str | None:
    return next((child.get(_INTERNAL_ID) for child in element if local_name(child) == name), None)
