"""How often moderators overrule the detector, per rule and kind, with intervals."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import sqrt

from sqlalchemy import func, select

from detector.service.store.database import Database
from detector.service.store.labels import OVERRULED
from detector.service.store.tables import outcomes, standing

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Overrules:
    """Findings of one rule and kind that moderators decided on. `low`/`high`: 95 % Wilson interval of the share."""

    rule: str
    kind: str
    decided: int
    overruled: int
    moved: int
    renamed: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Overruled of decided."""
        return self.overruled / self.decided if self.decided else 0.0


def overrules(database: Database) -> list[Overrules]:
    """One row for every rule and kind on which decisions stand, most decided first."""
    columns = (outcomes.c.rule, outcomes.c.kind, outcomes.c.outcome)
    query = select(*columns, func.count()).join(standing, standing.c.seq == outcomes.c.seq).group_by(*columns)
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    with database.read() as connection:
        for rule, kind, outcome, number in connection.execute(query):
            counts[rule, kind][outcome] += number
    rows = [_row(rule, kind, each) for (rule, kind), each in counts.items()]
    return sorted(rows, key=lambda row: (-row.decided, row.rule, row.kind))


def _row(rule: str, kind: str, counts: Counter[str]) -> Overrules:
    decided, overruled = counts.total(), counts[OVERRULED]
    low, high = wilson(overruled, decided)
    return Overrules(rule, kind, decided, overruled, counts["moved"], counts["renamed"], low, high)


def wilson(hits: int, trials: int, *, z: float = Z95) -> tuple[float, float]:
    """The score interval of a share (Wilson 1927, "Probable inference"): sensible for few trials and none at all."""
    if not trials:
        return 0.0, 1.0
    share, square = hits / trials, z * z
    centre = (share + square / (2 * trials)) / (1 + square / trials)
    half = z / (1 + square / trials) * sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    return max(centre - half, 0.0), min(centre + half, 1.0)
