"""What the HTML report keeps while posts stream by: counts, and the worst posts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from detector.checked import Checked, Run
from detector.dates import day_of
from detector.finding import Integrity
from detector.post import Post
from detector.reports.page.rows import post_row
from detector.reports.parts.record import to_json
from detector.reports.parts.worst import Worst, rank_of_post

MOST_FINDINGS = 100_000
MOST_BYTES = 80_000_000
MOST_NAMES = 100_000
NAME_LENGTH = 200
SYMBOLS_SEARCHED = 20_000
CASHTAG = re.compile(r"\$(?:[^$\n]{1,60}\(([A-Z0-9.]{1,10})\)\$|([A-Za-z]{1,6}(?:\.[A-Za-z]{1,2})?)\b)")
TENTHS = 10
ONE_DAY = timedelta(days=1)


@dataclass(slots=True)
class Names:
    """Posts counted by name; names beyond the first `MOST_NAMES` are counted together."""

    counts: Counter[str] = field(default_factory=Counter)
    others: int = 0

    def add(self, name: str) -> None:
        """Count one post for that name."""
        name = name[:NAME_LENGTH]
        if name in self.counts or len(self.counts) < MOST_NAMES:
            self.counts[name] += 1
        else:
            self.others += 1


@dataclass(slots=True)
class Gathered:
    """All that the page shows beyond the run's own tally. Memory is bounded by the constants above
    and by the number of calendar days."""

    worst: Worst = field(default_factory=lambda: Worst(most_findings=MOST_FINDINGS, most_bytes=MOST_BYTES))
    days: Counter[date] = field(default_factory=Counter)
    flagged_days: Counter[date] = field(default_factory=Counter)
    undated: int = 0
    authors: Names = field(default_factory=Names)
    instruments: Names = field(default_factory=Names)
    tenths: Counter[int] = field(default_factory=Counter)
    complaints: Counter[Integrity] = field(default_factory=Counter)


def gather(stream: Iterable[Checked], run: Run) -> Gathered:
    """Consume the stream."""
    gathered = Gathered()
    latest = _day_after(run.started)
    for checked in stream:
        day = day_of(checked.post.created, latest=latest)
        if day is None:
            gathered.undated += 1
        else:
            gathered.days[day] += 1
        if checked.findings:
            _add_flagged(gathered, checked, day, run)
    return gathered


def _day_after(started: str) -> date | None:
    """No post was made later than the day after the run began (clocks and zones differ)."""
    day = day_of(started)
    return day + ONE_DAY if day else None


def _add_flagged(gathered: Gathered, checked: Checked, day: date | None, run: Run) -> None:
    if day is not None:
        gathered.flagged_days[day] += 1
    gathered.authors.add(checked.post.author or "")
    named = sorted(symbols(checked.post))
    for symbol in named:
        gathered.instruments.add(symbol)
    for finding in checked.findings:
        if finding.probability is not None:
            gathered.tenths[min(int(finding.probability * TENTHS), TENTHS - 1)] += 1
        if finding.integrity is not None:
            gathered.complaints[finding.integrity] += 1
    row = post_row(checked, policy_checksum=run.policy_checksum)
    row.day, row.symbols = day.isoformat() if day else "", named
    gathered.worst.add(rank_of_post(checked), to_json(row), findings=len(checked.findings))


def symbols(post: Post) -> set[str]:
    """The instruments that a post names by cashtag (`$TSLA`, `$iShares Russell 2000 ETF(IWM)$`)."""
    text = f"{post.title or ''}\n{post.text[:SYMBOLS_SEARCHED]}"
    return {(named or plain).upper() for named, plain in CASHTAG.findall(text)} if "$" in text else set()
