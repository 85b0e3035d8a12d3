"""A comment that should let a finding stand, but names no rule, an unknown one, or no reason."""

from __future__ import annotations

from collections.abc import Iterator

from detector.finding import Finding, Severity
from detector.reading import Reading
from detector.rules.rule import Context, Example, Rule
from detector.suppressions import suppressions


def check(reading: Reading, context: Context) -> Iterator[Finding]:
    """One finding per void comment, where the policy honours such comments at all."""
    if not context.policy.suppressions.allow:
        return
    post = reading.post
    for each in suppressions(post.text, post.format):
        if each.fault:
            yield Finding(
                rule=RULE.name,
                message=f"This comment lets nothing stand: {each.fault}.",
                severity=Severity.WARNING,
                start=each.start,
                end=each.end,
                text=post.text[each.start : each.end],
            )


RULE = Rule(
    name="suppression",
    summary="A comment that should let a finding stand is void: it names no rule, an unknown one, or no reason.",
    why=(
        "What an author lets stand is counted and read by others later: without a reason nobody can judge it, and a "
        "misspelt rule would silently let nothing stand."
    ),
    source="This project's own rule; the usage of linters, which report unknown rules in such comments (28 Nov 2026)",
    bad=(
        Example("Nice day. <!-- detector: allow recommendation -->", "allow", policy="newsletter", format="markdown"),
        Example(
            "<p>Nice day.</p><!-- detector: allow sarcasm because it is one -->",
            "sarcasm",
            policy="newsletter",
            format="html",
        ),
    ),
    good=(
        Example(
            "You should buy NVDA. <!-- detector: allow recommendation because it is an example -->",
            policy="newsletter",
            format="markdown",
        ),
        Example("You should buy NVDA. <!-- detector: alow it -->", format="markdown"),
        Example("Write `<!-- detector: allow RULE -->` beside it.", policy="newsletter", format="markdown"),
    ),
    check=check,
)
