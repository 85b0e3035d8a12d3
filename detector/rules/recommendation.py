"""Passages that a reasonable reader would take as an investment recommendation."""

from __future__ import annotations

from collections.abc import Iterator

from detector.finding import Finding
from detector.kinds import KIND_WORDS
from detector.reading import RECOMMENDATION_KINDS, Judgement, Reading
from detector.rules.rule import Context, Example, Rule, finding_at

SURE = 0.99


def check(reading: Reading, context: Context) -> Iterator[Finding]:
    """One finding per passage that the policy's kinds, targets and thresholds bring in."""
    for judgement in reading.judgements:
        scope = _in_scope(judgement, context)
        if scope is None:
            continue
        kind, probability = scope
        yield finding_at(
            reading,
            RULE.name,
            start=judgement.start,
            end=judgement.end,
            message=_message(kind, probability),
            severity=context.policy.severity_of(kind),
            kind=kind,
            target=judgement.target if kind in RECOMMENDATION_KINDS else None,
            probability=round(probability, 4),
            reasons=judgement.reasons,
        )


def recommends(reading: Reading, context: Context) -> bool:
    """Whether the policy sees any recommendation in the post."""
    return any(_in_scope(judgement, context) is not None for judgement in reading.judgements)


def _in_scope(judgement: Judgement, context: Context) -> tuple[str, float] | None:
    """The kind under which the policy reports the passage, with its probability."""
    wanted = context.policy.recommendations
    kind = judgement.recommendation_kind
    is_wanted = kind in wanted.kinds and (judgement.target is None or judgement.target in wanted.targets)
    if is_wanted and judgement.probability >= context.threshold_for(kind):
        return kind, judgement.probability
    for other in wanted.kinds:
        if other not in RECOMMENDATION_KINDS:
            probability = judgement.kinds.get(other, 0.0)
            if probability >= context.threshold_for(other):
                return other, probability
    return None


def _message(kind: str, probability: float) -> str:
    words = KIND_WORDS[kind]
    return f"Reads as {words.label} ({percent(probability)}): it {words.definition}."


def percent(probability: float) -> str:
    """Never more certain than it is: 0.996 is not "100%"."""
    return f"{probability:.0%}" if probability < SURE else f"> {SURE:.0%}"


RULE = Rule(
    name="recommendation",
    summary="A passage reads as an investment recommendation.",
    why=(
        "Advising the public on investments needs a licence in most places where investors meet, and no regime needs "
        "the word 'buy': all ask what a reasonable reader would take from the passage. No disclaimer changes that."
    ),
    source="Annotation guideline v1.1, sections 2 to 4; REGULATION notes, section 0 (22 Nov 2026)",
    bad=(
        Example("230 is no problem, wait for the callback to buy.", "wait for the callback to buy", "entry_exit"),
        Example("You should sell your PLTR now.", "You should sell your PLTR now.", "action"),
        Example("DM me for tomorrow's picks.", "DM me for tomorrow's picks.", "solicitation"),
        Example("Put half of your savings into gold.", "Put half of your savings into gold.", "allocation"),
        Example("$TSLA is a no-brainer under 200.", "$TSLA is a no-brainer under 200.", "implicit"),
    ),
    good=(
        Example("It should hit 230 soon."),
        Example("I bought 100 shares of NVDA this morning."),
        Example("Should I buy NVDA here?"),
        Example("Goldman upgraded NVDA to buy, PT 250."),
        Example("My broker tells everyone to buy it, I am not so sure."),
    ),
    check=check,
)
