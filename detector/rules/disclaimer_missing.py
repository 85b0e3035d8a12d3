"""A disclaimer that the policy asks for is not there in the author's own voice."""

from __future__ import annotations

from collections.abc import Iterator

from detector.dates import day_of
from detector.finding import Finding, Fix, Integrity, Severity
from detector.reading import DisclaimerReading, Reading
from detector.registry.entry import FULL, SLOT
from detector.registry.insertion import insertions
from detector.registry.placement import body_begin
from detector.rules.requirements import severity_of
from detector.rules.rule import Context, Example, Rule, finding_at

MESSAGES = {
    Integrity.MISSING: "The required disclaimer is missing.",
    Integrity.QUOTED: "The required disclaimer stands only in someone else's words, a signature or a code block.",
}


def check(reading: Reading, context: Context) -> Iterator[Finding]:
    """One finding when a due disclaimer is missing, or there only as a quotation."""
    by_integrity = {each.integrity: each for each in reversed(reading.disclaimers)}
    if Integrity.MISSING in by_integrity:
        due = by_integrity[Integrity.MISSING]
        seen = by_integrity.get(Integrity.QUOTED, due)
        yield finding_at(
            reading,
            RULE.name,
            start=seen.start,
            end=seen.end,
            message=MESSAGES[seen.integrity],
            severity=severity_of(due, reading, context) or Severity.WARNING,
            disclaimer=due.id or None,
            integrity=seen.integrity,
            fix=_insertion(due, reading, context),
        )


def _insertion(due: DisclaimerReading, reading: Reading, context: Context) -> Fix | None:
    """Put the standard text where the policy wants it, if the policy says which one and nothing has to be filled in."""
    post = reading.post
    demands = [demand for demand in context.policy.disclaimers if demand.applies_to(post) and due.id in demand.ids]
    if not demands:
        return None
    entry = context.registry[due.id]
    variants = entry.version_on(day_of(post.created)).variants
    wording = variants[FULL].wording if FULL in variants else entry.wording
    if SLOT.search(wording):
        return None
    begin = body_begin(post.regions)
    ways = insertions(post.text, wording, placement=demands[0].placement, text_format=post.format, begin=begin)
    return next(ways, None)


RULE = Rule(
    name="disclaimer_missing",
    summary="A disclaimer that the policy asks for is missing.",
    why=(
        "Each post has to be compliant alone: a disclaimer on a profile, behind a link or in a quotation does not "
        "count. Which text is due, and when, is the platform's policy."
    ),
    source="FCA FG24/1 (each communication complies alone; secondary sources); REGULATION notes, sections 0 and 11",
    bad=(
        Example("You should buy NVDA before earnings."),
        Example("Nice day on the market.", policy="every_post"),
        Example("> Disclaimer: Investing carries risk.\n\nNice day on the market.", policy="every_post"),
    ),
    good=(
        Example("Nice day on the market."),
        Example("I bought 100 shares of NVDA."),
    ),
    check=check,
)
