"""Community pages saved as text: a post with its topic block, disclaimer and comments; one page or several."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count, pairwise

from detector.post import Post, Region, Rejected
from detector.readers.base.community import (
    COMMENTS,
    DISCLAIMER,
    LEAVE_COMMENT,
    Lines,
    is_date,
    is_furniture,
    is_mark,
    is_name,
    regions_of,
    symbols_in,
)
from detector.readers.base.contract import Recognition, Sample, Source
from detector.readers.base.lines import not_decoded, numbered_lines

_ITEM = re.compile(r"[-•·*+] ")  # of an author's list, which a date may follow: no name begins so
_COMMENT_NAME = re.compile(r"([ \t]+)[•·*-] (\S.{0,79}?)\s*")


def recognises(sample: Sample) -> Recognition:
    """An author and a date, and at least one mark of the platform below them."""
    lines = sample.text.splitlines()
    start = next((at for at, line in enumerate(lines) if line.strip()), 0)
    certain = _opens_page(lines[start : start + 3]) and any(map(is_mark, lines[start + 2 :]))
    return Recognition.CERTAIN if certain else Recognition.NO


def read(source: Source) -> Iterator[Post | Rejected]:
    """Each post and each comment is a record, numbered through the file."""
    records = count(1)
    for number, page in enumerate(_pages(source), 1):
        if isinstance(page, Rejected):
            yield page
            continue
        page_id = source.stem if number == 1 else f"{source.stem}#{number}"
        for piece in _pieces(page):
            yield _post(source, next(records), page_id, piece)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A post (`number` 0) or the page's comment `number`; `parent` is the number of what it answers."""

    number: int
    author: str | None
    created: str | None
    text: str
    parent: int | None = None
    regions: tuple[Region, ...] = ()


def _post(source: Source, record: int, page_id: str, piece: _Piece) -> Post | Rejected:
    head = f"{piece.author} {piece.created} "
    if rejected := not_decoded(source, record, head) or not_decoded(source, record, piece.text):
        return rejected
    symbols = [] if piece.number else symbols_in(piece.text)
    return Post(
        id=f"{page_id}/c{piece.number}" if piece.number else page_id,
        text=piece.text,
        author=piece.author,
        created=piece.created,
        parent=None if piece.parent is None else f"{page_id}/c{piece.parent}" if piece.parent else page_id,
        origin=source.origin(record),
        regions=piece.regions,
        extra={"symbols": symbols} if symbols else {},
    )


def _pages(source: Source) -> Iterator[list[str] | Rejected]:
    """The lines of each page, line ends kept; an author above a date above a blank line begins a new one."""
    limit = source.options.limits.record_bytes
    page: list[str] = []
    size = 0
    for _, line in numbered_lines(source):
        if isinstance(line, Rejected):
            yield replace(line, record=None)  # records are posts and comments here, not lines
            continue
        page.append(line.decode("utf-8", errors="surrogateescape"))
        size += len(line)
        if _opens_page(page[-3:]) and any(text.strip() for text in page[:-3]) and _is_gap(page[-4]):
            yield page[:-3]
            page, size = page[-3:], sum(map(len, page[-3:]))
        elif size > limit:
            reason = f"a page is longer than {limit:,} bytes"
            yield source.reject(None, reason, cure="raise it: --limits record_bytes=NUMBER")
            page, size = [], 0
    if any(line.strip() for line in page):
        yield page


def _opens_page(lines: Lines) -> bool:
    name, date, below = (*lines, "", "", "")[:3]
    return is_name(name) and not _ITEM.match(name) and not date[:1].isspace() and is_date(date) and not below.strip()


def _is_gap(line: str) -> bool:
    return not line.strip() or is_furniture(line)


def _pieces(page: Lines) -> Iterator[_Piece]:
    page = page[next(at for at, line in enumerate(page) if line.strip()) :]
    author = created = None
    if _opens_page(page[:3]):
        author, created, page = page[0].strip(), page[1].strip(), page[2:]
    page = _without_furniture(page)
    headers = [at for at in range(len(page)) if _is_comment_header(page, at)]
    body = page[: headers[0]] if headers else page
    yield _main_piece(author, created, _without_heading(body))
    yield from _comments(page, headers)


def _without_furniture(page: Lines) -> Lines:
    """Cut the counters off a page's end, where what stands above shows that they are not the author's."""
    end = len(page)
    while end and (not page[end - 1].strip() or is_furniture(page[end - 1])):
        end -= 1
    cut = page[end:]
    box = any(line.strip() == LEAVE_COMMENT for line in cut)
    above = page[end - 1] if end else ""
    platform = above.startswith((DISCLAIMER, " ", "\t")) or above.strip() == COMMENTS
    return page[:end] if box or platform else page


def _without_heading(body: Lines) -> Lines:
    filled = [at for at, line in enumerate(body) if line.strip()]
    return body[: filled[-1]] if filled and body[filled[-1]].strip() == COMMENTS else body


def _main_piece(author: str | None, created: str | None, body: Lines) -> _Piece:
    filled = [at for at, line in enumerate(body) if line.strip()]
    if not filled:
        return _Piece(0, author, created, "")
    body = body[filled[0] : filled[-1] + 1]
    text = "".join(body).rstrip("\r\n")
    return _Piece(0, author, created, text, None, tuple(regions_of(body)))


def _is_comment_header(page: Lines, at: int) -> bool:
    name = _COMMENT_NAME.fullmatch(page[at])
    if not name or at + 1 >= len(page):
        return False
    date = page[at + 1]
    return date.startswith(name[1]) and is_date(date)


def _comments(page: Lines, headers: Sequence[int]) -> Iterator[_Piece]:
    """Each comment; one whose bullet stands deeper answers the comment above it."""
    above: list[tuple[int, int]] = []
    for number, (at, end) in enumerate(pairwise([*headers, len(page)]), 1):
        match = _COMMENT_NAME.fullmatch(page[at])
        depth, name = (len(match[1]), match[2]) if match else (0, "")
        while above and above[-1][0] >= depth:
            above.pop()
        parent = above[-1][1] if above else 0
        above.append((depth, number))
        date = page[at + 1]
        first = at + 3 if at + 2 < end and page[at + 2].strip() == name else at + 2
        indent = date[: len(date) - len(date.lstrip())]
        text = "".join(map(partial(_outdent, indent), page[first:end]))
        yield _Piece(number, name, date.strip(), text.strip("\r\n"), parent)


def _outdent(indent: str, line: str) -> str:
    return line.removeprefix(indent) if line.strip() else line.lstrip(" \t")
