"""`detector explain`: what a rule or a kind means, or why a text is (not) flagged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from detector.cli.options import PolicyOption

if TYPE_CHECKING:
    from rich.console import Console

    from detector.rules.rule import Rule

REASONS_SHOWN = 8


def explain(
    subject: Annotated[str, typer.Argument(metavar="RULE|KIND|TEXT", help="A rule's name, a kind's name, or a text.")],
    *,
    policy: PolicyOption = "default",
) -> None:
    """Explain a rule or a kind; or, for a text, why each passage is or is not flagged."""
    from rich.console import Console

    from detector.kinds import KIND_WORDS
    from detector.rules import all_rules

    console = Console(highlight=False)
    rules = {rule.name: rule for rule in all_rules()}
    if subject in rules:
        explain_rule(rules[subject], console)
    elif subject in KIND_WORDS:
        console.print(f"[bold]{subject}[/]: {KIND_WORDS[subject].label}. It {KIND_WORDS[subject].definition}.")
    else:
        explain_text(subject, policy, console)


def explain_rule(rule: Rule, console: Console) -> None:
    """Print all that the rule's file says of it."""
    console.print(f"[bold]{rule.name}[/]: {rule.summary}\n\n{rule.why}\n\nSource: {rule.source}")
    for title, examples in (("Fires on", rule.bad), ("Silent on", rule.good)):
        console.print(f"\n[bold]{title}[/]")
        for example in examples:
            console.print(f"  • {example.text}", markup=False)


def explain_text(text: str, policy: str, console: Console) -> None:
    """Print each passage's probability, likeliest kinds and the words that carried the score."""
    from detector.engine import Detector
    from detector.post import Post

    detector = Detector(policy, explain=True)
    for reading in detector.readings([Post("text", text)]):
        for judgement in reading.judgements:
            threshold = detector.thresholds.get(judgement.recommendation_kind, 1.0)
            verdict = "flagged" if judgement.probability >= threshold else "not flagged"
            passage = reading.source[judgement.start : judgement.end]
            console.print(passage, style="bold", markup=False)
            likeliest = sorted(judgement.kinds.items(), key=lambda item: -item[1])[:3]
            kinds = ", ".join(f"{kind} {probability:.0%}" for kind, probability in likeliest)
            console.print(f"  {verdict}: {judgement.probability:.1%} (threshold {threshold:.1%}); {kinds}")
            strongest = sorted(judgement.reasons, key=lambda reason: -abs(reason.contribution))[:REASONS_SHOWN]
            for reason in strongest:
                console.print(f"    {reason.contribution:+.2f}  {reason.words}", markup=False)
