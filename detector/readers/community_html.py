"""Community pages saved as HTML, one page a file: the same pieces as `community_page`, as the HTML they stand in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from detector.errors import InputError
from detector.post import Post, Region, Rejected
from detector.readers.base.community import (
    COMMENTS,
    LEAVE_COMMENT,
    is_date,
    is_mark,
    is_name,
    last_disclaimer,
    regions_of,
    symbols_in,
)
from detector.readers.base.contract import Recognition, Sample, Source
from detector.readers.base.lines import decode_utf8, utf8_stream
from detector.view import View, make_view


def recognises(sample: Sample) -> Recognition:
    """An HTML document; whether it is such a page shows when it is read."""
    head = sample.text.lstrip("\ufeff \t\r\n")[:1000].lower()
    known = head.startswith("<!doctype html") or "<html" in head
    return Recognition.GENERIC if known else Recognition.NO


def read(source: Source) -> Iterator[Post | Rejected]:
    """The post and each comment are records. Raises `InputError` for a page of another make."""
    limit = source.options.limits.record_bytes
    data = utf8_stream(source).read(limit + 1)
    if len(data) > limit:
        raise InputError(
            source.file, f"the page is longer than {limit:,} bytes", "raise it: --limits record_bytes=NUMBER"
        )
    html = decode_utf8(source, 1, data)
    if isinstance(html, Rejected):
        yield html
        return
    page = _page_of(make_view(html, text_format="html"))
    heads = _heads(page.lines)
    if not heads or not any(map(is_mark, page.lines)):
        raise InputError(source.file, "no author above a date: not a community page", "save it as text or CSV")
    for number, (at, end) in enumerate(pairwise([*heads, len(page.lines)])):
        yield _post(source, page, number, _body(page.lines, at, end))


@dataclass(frozen=True, slots=True)
class _Page:
    """The lines of a page as its reader sees them; `starts` are their offsets in the view."""

    view: View
    lines: Sequence[str]
    starts: Sequence[int]


def _page_of(view: View) -> _Page:
    lines = view.text.splitlines(keepends=True)
    return _Page(view, lines, list(accumulate(map(len, lines), initial=0)))


def _heads(lines: Sequence[str]) -> list[int]:
    """Where the post begins, then its comments: a name above a date, below the heading if there is one."""
    heads = [at for at, (name, date) in enumerate(pairwise(lines)) if is_name(name) and is_date(date)]
    heading = next((at for at, line in enumerate(lines) if line.strip() == COMMENTS), 0)
    return heads[:1] + [at for at in heads[1:] if at > heading]


def _body(lines: Sequence[str], at: int, end: int) -> tuple[int, int, int]:
    """Of the piece whose name is line `at`: that line, the first of its text, and the end of its text."""
    first = at + 2
    if first < end and lines[first].strip() == lines[at].strip():  # comments name their author twice
        first += 1
    close = (LEAVE_COMMENT, COMMENTS)
    end = next((line for line in range(first, end) if lines[line].strip() in close), end)
    disclaimer = last_disclaimer(lines[first:end])
    if disclaimer is not None:
        end = first + disclaimer + 1
    while first < end and not lines[first].strip():
        first += 1
    while end > first and not lines[end - 1].strip():
        end -= 1
    return at, first, end


def _post(source: Source, page: _Page, number: int, place: tuple[int, int, int]) -> Post:
    at, first, end = place
    body = page.lines[first:end]
    seen = "".join(body).rstrip()
    start, stop = page.view.span(page.starts[first], page.starts[first] + len(seen))
    spans = [(page.view.span(r.start + page.starts[first], r.end + page.starts[first]), r) for r in regions_of(body)]
    symbols = [] if number else symbols_in(seen)
    return Post(
        id=f"{source.stem}/c{number}" if number else source.stem,
        text=page.view.source[start:stop],
        author=page.lines[at].strip(),
        created=page.lines[at + 1].strip(),
        parent=source.stem if number else None,
        origin=source.origin(number + 1),
        format="html",
        regions=() if number else tuple(Region(a - start, b - start, r.role) for (a, b), r in spans),
        extra={"symbols": symbols} if symbols else {},
    )
