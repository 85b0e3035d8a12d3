"""`detector explain`: what a rule or a kind means, or why a text is (not) flagged."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from detector.cli.options import ModelOption, PolicyOption

if TYPE_CHECKING:
    from rich.console import Console

    from detector.engine import Detector
    from detector.reading import Judgement
    from detector.rules.rule import Rule

REASONS_SHOWN = 8
ROLES = {
    "quote": "somebody else's words; outside a quotation they would be the author's",
    "code": "code",
    "link": "a bare link",
    "topic": "a topic block of the platform",
    "disclaimer": "a registered disclaimer, which is compared with its wording instead",
    "signature": "a signature",
}


def explain(
    subject: Annotated[str, typer.Argument(metavar="RULE|KIND|TEXT", help="A rule's name, a kind's name, or a text.")],
    *,
    policy: PolicyOption = "default",
    model: ModelOption = None,
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
        from detector.engine import Detector
        from detector.policy import load_policy, with_model

        explain_text(subject, Detector(with_model(load_policy(policy), model), explain=True), console)


def explain_rule(rule: Rule, console: Console) -> None:
    """Print all that the rule's file says of it."""
    console.print(f"[bold]{rule.name}[/]: {rule.summary}\n\n{rule.why}\n\nSource: {rule.source}")
    for title, examples in (("Fires on", rule.bad), ("Silent on", rule.good)):
        console.print(f"\n[bold]{title}[/]")
        for example in examples:
            console.print(f"  • {example.text}", markup=False)


def explain_text(text: str, detector: Detector, console: Console) -> None:
    """Print for each passage whether it is flagged, why or why not, the words that carried it, and examples."""
    from detector.engine import READABLE
    from detector.post import Post

    (reading,) = detector.readings([Post("text", text)])
    judged = {(one.start, one.end): one for one in reading.judgements}
    if reading.language not in READABLE:
        console.print(
            f"not judged: the text reads as `{reading.language}`, and the model knows English only", markup=False
        )
    for passage in reading.passages:
        console.print(reading.source[passage.start : passage.end], style="bold", markup=False)
        if passage.role != "claim":
            console.print(f"  not judged: {ROLES[passage.role]}")
        elif judgement := judged.get((passage.start, passage.end)):
            explain_judgement(judgement, reading.source, detector, console)


def explain_judgement(judgement: Judgement, source: str, detector: Detector, console: Console) -> None:
    """One passage: verdict, what would have to change, words, definition, examples."""
    from detector.authored import nearest, nearest_counterexample
    from detector.kinds import KIND_WORDS
    from detector.reading import RECOMMENDATION_KINDS

    for line in verdict(judgement, detector):
        console.print(f"  {line}", markup=False)
    for reason in sorted(judgement.reasons, key=lambda reason: -abs(reason.contribution))[:REASONS_SHOWN]:
        console.print(f"    {reason.contribution:+.2f}  {reason.words}", markup=False)
    words = source[judgement.start : judgement.end]
    kind = max(judgement.kinds, key=lambda each: judgement.kinds[each])
    console.print(f"  {kind} ({KIND_WORDS[kind].label}): {KIND_WORDS[kind].definition}", markup=False)
    for example in nearest(words, kind):
        console.print(f"    like: {example.text}", markup=False)
    for example in nearest_counterexample(words, is_recommendation=kind in RECOMMENDATION_KINDS):
        console.print(f"    but {example.kind}: {example.text}", markup=False)


def verdict(judgement: Judgement, detector: Detector) -> Iterator[str]:
    """Whether the policy reports the passage; if not, what stands against it and what would have to change."""
    from detector.reading import RECOMMENDATION_KINDS

    wanted, kind = detector.policy.recommendations, judgement.recommendation_kind
    likeliest = sorted(judgement.kinds.items(), key=lambda each: -each[1])[:3]
    kinds = ", ".join(f"{name} {probability:.0%}" for name, probability in likeliest)
    extra = [
        (name, judgement.kinds[name], threshold)
        for name, threshold in detector.thresholds.items()
        if name != kind and name not in RECOMMENDATION_KINDS and judgement.kinds.get(name, 0.0) >= threshold
    ]
    threshold = detector.thresholds.get(kind, detector.model.threshold)
    obstacles = []
    if kind not in wanted.kinds:
        obstacles.append(f"the policy `{detector.policy.name}` leaves out the kind `{kind}`")
    if judgement.target is not None and judgement.target not in wanted.targets:
        obstacles.append(f"the policy `{detector.policy.name}` leaves out the target `{judgement.target}`")
    if judgement.probability < threshold:
        obstacles.append(f"{judgement.probability:.1%} is below the threshold of {threshold:.1%}")
    if not obstacles or extra:
        name, probability, threshold = extra[0] if obstacles else (kind, judgement.probability, threshold)
        yield f"flagged as {name}: {probability:.1%} (threshold {threshold:.1%}); {kinds}"
        return
    yield f"not flagged: {'; '.join(obstacles)}; {kinds}"
    if judgement.probability < threshold:
        missing = math.log(threshold / (1 - threshold)) - math.log(
            max(judgement.probability, 1e-9) / max(1 - judgement.probability, 1e-9)
        )
        yield f"to be flagged its words would have to add {missing:+.2f} to the log-odds, or the threshold to be lower"
