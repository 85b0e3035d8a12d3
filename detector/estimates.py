"""What a sample says of the whole: shares and totals with intervals, for an elusion test.

Each stratum gets the exact interval for a finite population (Clopper and Pearson 1934, on the hypergeometric
distribution). The total's interval recovers the variances from these (MOVER: Zou and Donner 2008, "Construction of
confidence limits about effect measures"): it needs no normal approximation, holds for strata in which nothing was
found, and closes when everything was read. It is cut to what the reading itself has shown.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, fsum, lgamma, sqrt

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the whole: how many it has, how many of them were read, and how many of those are hits."""

    size: int
    read: int
    hits: int

    @property
    def share(self) -> float:
        """The hits among those read; nothing read says nothing, and counts as none."""
        return self.hits / self.read if self.read else 0.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number and its interval."""

    value: float
    low: float
    high: float

    def scaled(self, factor: float) -> Estimate:
        """The same in another unit."""
        return Estimate(self.value * factor, self.low * factor, self.high * factor)


def interval(stratum: Stratum, *, confidence: float = CONFIDENCE) -> Estimate:
    """The number of hits in a stratum."""
    tail = (1 - confidence) / 2
    most = stratum.size - stratum.read + stratum.hits
    numbers = range(stratum.hits, most + 1)  # the numbers of hits that the reading allows at all
    low = bisect_left(numbers, tail, key=lambda number: 1 - _at_most(stratum.hits - 1, number, stratum))
    high = bisect_left(numbers, -tail, key=lambda number: -_at_most(stratum.hits, number, stratum))
    return Estimate(stratum.size * stratum.share, min(numbers[0] + low, most), max(numbers[0] + high - 1, numbers[0]))


def _at_most(hits: int, number: int, stratum: Stratum) -> float:
    """The probability of reading at most that many hits when the stratum holds `number` of them (hypergeometric)."""
    others = stratum.size - number
    fewest = max(0, stratum.read - others)
    ways = _log_choose(stratum.size, stratum.read)
    return fsum(
        exp(_log_choose(number, each) + _log_choose(others, stratum.read - each) - ways)
        for each in range(fewest, min(hits, number, stratum.read) + 1)
    )


def _log_choose(whole: int, part: int) -> float:
    return lgamma(whole + 1) - lgamma(part + 1) - lgamma(whole - part + 1)


def total(strata: Sequence[Stratum], *, confidence: float = CONFIDENCE) -> Estimate:
    """The number of hits in all strata together."""
    parts = [interval(stratum, confidence=confidence) for stratum in strata]
    value = fsum(part.value for part in parts)
    below = sqrt(fsum((part.value - part.low) ** 2 for part in parts))
    above = sqrt(fsum((part.high - part.value) ** 2 for part in parts))
    seen = sum(stratum.hits for stratum in strata)
    most = sum(stratum.size - stratum.read + stratum.hits for stratum in strata)
    return Estimate(value, max(value - below, seen), min(value + above, most))


def recall(found: Estimate, missed: Estimate) -> Estimate:
    """Found of all that there was; its limits put both intervals at their worst, so they are on the safe side."""
    return Estimate(_part(found.value, missed.value), _part(found.low, missed.high), _part(found.high, missed.low))


def _part(found: float, missed: float) -> float:
    return found / (found + missed) if found + missed else 0.0
