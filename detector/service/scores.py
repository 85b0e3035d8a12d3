"""What was found, as numbers by name: for protocols that speak of attributes or categories."""

from __future__ import annotations

from dataclasses import dataclass

from detector.finding import Finding
from detector.reading import RECOMMENDATION_KINDS
from detector.service.judged import Judged
from detector.verdict import Verdict

ADVICE = "financial_advice"
MISSING = "disclaimer_missing"
ALTERED = "disclaimer_altered"
NAMES = (ADVICE, MISSING, ALTERED, *RECOMMENDATION_KINDS, "forecast", "platform")


@dataclass(frozen=True, slots=True)
class SpanScore:
    """A passage and its score; code points of the post's text, end exclusive."""

    start: int
    end: int
    value: float


@dataclass(frozen=True, slots=True)
class Score:
    """From 0 to 1, and the passages that it comes from."""

    value: float
    spans: tuple[SpanScore, ...] = ()


def scores_of(judged: Judged) -> dict[str, Score]:
    """A score for every name.

    `financial_advice` is the highest probability that any passage is a recommendation, reported or not; a kind's score
    is that of its findings; a disclaimer's is 0 or 1. Without an answer in time, what the adapter's `on_failure` says.
    """
    if judged.checked is None:
        return dict.fromkeys(NAMES, Score(0.0 if judged.ruling.verdict is Verdict.ALLOW else 1.0))
    scores = {name: _score([each for each in judged.checked.findings if _counts(each, name)]) for name in NAMES}
    highest = max(scores[ADVICE].value, judged.checked.score or 0.0)
    return scores | {ADVICE: Score(highest, scores[ADVICE].spans)}


def _counts(finding: Finding, name: str) -> bool:
    if name == ADVICE:
        return finding.kind in RECOMMENDATION_KINDS
    return name in {finding.kind, finding.rule}


def _score(findings: list[Finding]) -> Score:
    values = [1.0 if each.probability is None else each.probability for each in findings]
    spans = tuple(
        SpanScore(each.start, each.end, value)
        for each, value in zip(findings, values, strict=True)
        if each.field == "text" and each.start < each.end
    )
    return Score(max(values, default=0.0), spans)
