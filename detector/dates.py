"""The day a post was made, read leniently from the export's own date text."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from dateutil import parser

EARLIEST = date(1990, 1, 1)
UNIX = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}")
MILLISECONDS_FROM = 1e11
# A text without a day, month or year takes it from the default: two defaults that differ in all
# three give it away.
DEFAULTS = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2001, 2, 2, tzinfo=UTC))
LONGEST = 60


def day_of(created: str | None, *, latest: date | None = None) -> date | None:
    """The calendar day as written, or None where none (or no plausible one) can be read."""
    if not created:
        return None
    day = _iso_day(created) or _unix_day(created) or _any_day(created)
    if day is None or day < EARLIEST or (latest is not None and day > latest):
        return None
    return day


def as_read(created: str) -> str:
    """A date's text for people: Unix seconds as the time in UTC, all else as the export has it."""
    return f"{_unix_time(created):%Y-%m-%d %H:%M} UTC" if UNIX.fullmatch(created) else created


def _iso_day(created: str) -> date | None:
    try:
        return date.fromisoformat(created[:10]) if created[4:5] == "-" else None
    except ValueError:
        return None


def _unix_day(created: str) -> date | None:
    return _unix_time(created).date() if UNIX.fullmatch(created) else None


def _unix_time(created: str) -> datetime:
    seconds = float(created)
    return datetime.fromtimestamp(seconds / 1000 if seconds >= MILLISECONDS_FROM else seconds, UTC)


def _any_day(created: str) -> date | None:
    if len(created) > LONGEST:
        return None
    try:
        first, second = (parser.parse(created, default=default, ignoretz=True).date() for default in DEFAULTS)
    except (parser.ParserError, ValueError, OverflowError):
        return None
    return first if first == second else None
