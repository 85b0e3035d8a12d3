"""What a rule is: a value in its own file that carries all there is to know about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from detector.finding import Finding
from detector.policy import Policy
from detector.post import TextFormat
from detector.reading import Reading
from detector.registry import Registry


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may know besides the reading: the policy, the registered texts, the model's default threshold."""

    policy: Policy
    registry: Registry
    model_threshold: float

    def threshold_for(self, kind: str) -> float:
        """The probability from which that kind counts."""
        return self.policy.recommendations.threshold_for(kind, self.model_threshold)


@dataclass(frozen=True, slots=True)
class Example:
    """A text, the policy preset it is checked under, and the words (or `""`: the rule fires without
    words of its own) that the rule has to point at. Good examples point at nothing."""

    text: str
    points_at: str = ""
    kind: str | None = None
    policy: str = "default"
    format: TextFormat = "plain"


Check = Callable[[Reading, Context], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its file's name, what it says in one line, why, where that comes from, examples and the check."""

    name: str
    summary: str
    why: str
    source: str
    bad: tuple[Example, ...]
    good: tuple[Example, ...]
    check: Check


def finding_at(reading: Reading, rule: str, *, start: int, end: int, **facts: Any) -> Finding:  # noqa: ANN401
    """A finding for a source span, in the offsets of the field it stands in."""
    field, field_start, field_end = reading.locate(start, end)
    text = reading.source[start : start + field_end - field_start]
    return Finding(rule=rule, start=field_start, end=field_end, text=text, field=field, **facts)
