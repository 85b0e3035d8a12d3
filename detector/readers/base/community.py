"""What a community page looks like, line by line: shared by its text and its HTML form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from detector.post import Region

DISCLAIMER = "Disclaimer:"
COMMENTS = "Comments"
LEAVE_COMMENT = "Leave a comment"
TOPIC_RULE = "---------"
LONGEST_NAME = 80
LONGEST_TITLE = 300
MOST_TOPIC_LINES = 20

CASHTAG = re.compile(r"\$[^$\n]{1,120}\(([^()$\n]{1,20})\)\$")
_DAY = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}([-/.]\d{2,4})?|[A-Z][a-z]{2,8} \d{1,2}(, \d{4})?"
_DATE = re.compile(rf"\s*({_DAY})([ T]\d{{1,2}}:\d{{2}}(:\d{{2}})?)?\s*")
_COUNTER = re.compile(r"\d[\d.,]*[KkMm]?\s*")

Lines = Sequence[str]


def is_date(line: str) -> bool:
    """True for a line that holds a date and no more."""
    return bool(_DATE.fullmatch(line))


def is_name(line: str) -> bool:
    """True for a line that can be an author's name: filled, short, not set in."""
    return bool(line.strip()) and not line[0].isspace() and len(line) <= LONGEST_NAME


def is_furniture(line: str) -> bool:
    """Counters and the comment box that the platform puts below a page."""
    return bool(_COUNTER.fullmatch(line)) or line.strip() == LEAVE_COMMENT


def is_mark(line: str) -> bool:
    """True for a line that only this platform's pages have."""
    named = line.startswith(DISCLAIMER) or line.strip() in (COMMENTS, LEAVE_COMMENT)
    return named or bool(CASHTAG.match(line))


def symbols_in(text: str) -> list[str]:
    """The ticker symbols of the cashtag line that opens a post."""
    return CASHTAG.findall(text.partition("\n")[0])


def regions_of(body: Lines) -> Iterator[Region]:
    """The topic block and the platform's disclaimer, which closes it; both are recognised by their shape."""
    starts = [0]
    for line in body:
        starts.append(starts[-1] + len(line))
    last = last_disclaimer(body)
    topic = _topic(body, len(body) if last is None else last)
    if topic:
        first, end = topic
        yield Region(starts[first], starts[end] - _line_end(body[end - 1]), "topic")
    if last is not None:
        yield Region(starts[last], starts[last + 1] - _line_end(body[last]), "disclaimer")


def last_disclaimer(body: Lines) -> int | None:
    """The line of the platform's disclaimer: an author's own, if any, stands above it."""
    return max((at for at, line in enumerate(body) if line.startswith(DISCLAIMER)), default=None)


def _line_end(line: str) -> int:
    return len(line) - len(line.rstrip("\r\n"))


def _topic(body: Lines, end: int) -> tuple[int, int] | None:
    """First and end line of a question's title above its description, the last block before line `end`."""
    end = _above_blanks(body, end)
    first = end
    while first and body[first - 1].strip() and end - first < MOST_TOPIC_LINES:
        first -= 1
    title_apart = max(_above_blanks(body, first) - 1, 0)
    for at in (title_apart, *range(first, end - 1)):
        if at < end - 1 and _asks_again(body[at], body[at + 1 : end]):
            return at, end
    return (end - 2, end) if end - first > 1 and TOPIC_RULE in body[end - 1] else None


def _above_blanks(body: Lines, end: int) -> int:
    while end and not body[end - 1].strip():
        end -= 1
    return end


def _asks_again(title: str, description: Lines) -> bool:
    """True for a description in which the title stands again, as a question of its own."""
    question = title.strip().rstrip(" ?")
    if not question or len(question) > LONGEST_TITLE:
        return False
    words = " ".join(line.strip() for line in description)
    return bool(re.search(rf"(?:^|[.?!-]\s*){re.escape(question)}\s*\?", words))
