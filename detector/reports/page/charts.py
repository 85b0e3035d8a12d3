"""Charts as plain geometry; the template draws them as SVG. Widths are per cent, heights are pixels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal
from urllib.parse import quote

PLOT_HEIGHT = 96
FEWEST_FOR_LAST = 4
FEWEST_FOR_MIDDLE = 9
WIDEST_COLUMN = 12.0
GAP = 0.22
WEEKS_UP_TO = timedelta(weeks=26)
MONTHS_UP_TO = timedelta(days=8 * 366)
TENTHS = 10
ONE_DAY = timedelta(days=1)

Step = Literal["week", "month", "year"]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar chart; `href` filters the posts, `tone` names a colour of the style sheet."""

    label: str
    shown: str
    width: float
    href: str = ""
    tone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chart over time (or over probability)."""

    label: str
    shown: str
    x: float
    width: float
    height: float
    href: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A label below the columns."""

    label: str
    x: float
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class Columns:
    """A column chart: `top` is what its full height stands for."""

    columns: list[Column]
    ticks: list[Tick]
    top: str


@dataclass(frozen=True, slots=True)
class Period:
    """Posts of one week, month or year."""

    label: str
    first: date
    last: date
    posts: int
    flagged: int


def bars(
    counts: Iterable[tuple[str, int]],
    *,
    facet: str = "",
    labels: Mapping[str, str] | None = None,
    tones: Mapping[str, str] | None = None,
) -> list[Bar]:
    """Bars in the order given, the longest at full width; with `facet`, each links to its posts."""
    rows = list(counts)
    longest = max((number for _, number in rows), default=0)
    return [
        Bar(
            (labels or {}).get(name, name),
            f"{number:,}",
            100 * number / longest if longest else 0.0,
            f"#{facet}={quote(name.encode('utf-8', 'replace'), safe='')}" if facet and name else "",
            (tones or {}).get(name, ""),
        )
        for name, number in rows
    ]


def histogram(tenths: Mapping[int, int]) -> Columns:
    """Findings by probability, in tenths."""
    labels = [f"{tenth * 10} to {tenth * 10 + 10}%" for tenth in range(TENTHS)]
    values = [float(tenths.get(tenth, 0)) for tenth in range(TENTHS)]
    ticks = [Tick("0%", 0, "start"), Tick("50%", 50, "middle"), Tick("100%", 100, "end")]
    return Columns(_columns(labels, values, [f"{value:,.0f}" for value in values]), ticks, f"{max(values):,.0f}")


def flagged_posts(periods: list[Period]) -> Columns:
    """Posts with findings, by period."""
    values = [float(period.flagged) for period in periods]
    return _over_time(periods, values, [f"{value:,.0f}" for value in values])


def flagged_share(periods: list[Period]) -> Columns:
    """Share of posts that have findings, by period."""
    values = [100 * period.flagged / period.posts if period.posts else 0.0 for period in periods]
    return _over_time(periods, values, [f"{value:.1f}%" for value in values])


def _over_time(periods: list[Period], values: list[float], shown: list[str]) -> Columns:
    labels = [period.label for period in periods]
    top = max(range(len(values)), key=values.__getitem__)
    columns = [
        replace(column, href=f"#from={period.first}&to={period.last}") if period.flagged else column
        for column, period in zip(_columns(labels, values, shown), periods, strict=True)
    ]
    return Columns(columns, _ticks(labels), shown[top])


def _columns(labels: list[str], values: list[float], shown: list[str]) -> list[Column]:
    highest = max(values, default=0.0)
    slot = min(100 / len(values), WIDEST_COLUMN)
    return [
        Column(
            label,
            said,
            number * slot + slot * GAP / 2,
            slot * (1 - GAP),
            max(PLOT_HEIGHT * value / highest, 1.5) if value and highest else 0.0,
        )
        for number, (label, value, said) in enumerate(zip(labels, values, shown, strict=True))
    ]


def _ticks(labels: list[str]) -> list[Tick]:
    """The first period, the last and the one in the middle, where there is room for them."""
    slot = min(100 / len(labels), WIDEST_COLUMN)
    end = len(labels) * slot
    ticks = [Tick(labels[0], 0, "start")]
    if len(labels) >= FEWEST_FOR_MIDDLE:
        ticks.append(Tick(labels[len(labels) // 2], (len(labels) // 2 + 0.5) * slot, "middle"))
    if len(labels) >= FEWEST_FOR_LAST:
        ticks.append(Tick(labels[-1], end, "end"))
    return ticks


def periods(days: Counter[date], flagged: Counter[date]) -> tuple[Step, list[Period]]:
    """Posts by week, month or year, whichever gives a readable number of columns; empty ones included."""
    if not days:
        return "month", []
    first, last = min(days), max(days)
    span = last - first
    step: Step = "week" if span <= WEEKS_UP_TO else "month" if span <= MONTHS_UP_TO else "year"
    posts, hits = _by_step(days, step), _by_step(flagged, step)
    return step, [
        Period(_label(start, step), start, _next(start, step) - ONE_DAY, posts[start], hits[start])
        for start in _starts(first, last, step)
    ]


def _by_step(days: Counter[date], step: Step) -> Counter[date]:
    counts: Counter[date] = Counter()
    for day, number in days.items():
        counts[_start(day, step)] += number
    return counts


def _start(day: date, step: Step) -> date:
    if step == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if step == "month" else day.replace(month=1, day=1)


def _starts(first: date, last: date, step: Step) -> Iterator[date]:
    start = _start(first, step)
    while start <= last:
        yield start
        start = _next(start, step)


def _next(start: date, step: Step) -> date:
    """The next period begins within 7, 32 or 367 days of this one's beginning."""
    return _start(start + timedelta(days={"week": 7, "month": 32, "year": 367}[step]), step)


def _label(start: date, step: Step) -> str:
    if step == "week":
        return f"{start.day} {start:%b %Y}"
    return f"{start:%b %Y}" if step == "month" else f"{start.year}"
