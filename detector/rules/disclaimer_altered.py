"""A disclaimer is there, but not as registered: words changed, cut, hidden or denied."""

from __future__ import annotations

from collections.abc import Iterator

from detector.finding import Finding, Integrity
from detector.reading import DisclaimerReading, Reading
from detector.rules.requirements import severity_of
from detector.rules.rule import Context, Example, Rule, finding_at

MESSAGES = {
    Integrity.ALTERED: "The disclaimer was altered",
    Integrity.TRUNCATED: "The disclaimer is cut short",
    Integrity.OUTDATED: "The disclaimer is an earlier version, no longer in force",
    Integrity.CONCEALED: "The disclaimer is hidden from readers",
    Integrity.CONTRADICTED: "The disclaimer is denied beside it",
    Integrity.DUPLICATED: "The disclaimer stands more than once",
    Integrity.MISPLACED: "The disclaimer does not stand where the policy wants it",
}
SHOWN_EDITS = 3


def check(reading: Reading, context: Context) -> Iterator[Finding]:
    """One finding per disclaimer whose worst state is one of `MESSAGES` and matters to the policy."""
    for disclaimer in reading.disclaimers:
        severity = severity_of(disclaimer, reading, context)
        if disclaimer.integrity in MESSAGES and severity is not None:
            yield finding_at(
                reading,
                RULE.name,
                start=disclaimer.start,
                end=disclaimer.end,
                message=_message(disclaimer),
                severity=severity,
                disclaimer=disclaimer.id,
                integrity=disclaimer.integrity,
                edits=reading.in_field(disclaimer).edits,
                fix=reading.in_field(disclaimer).fix,
            )


def _message(disclaimer: DisclaimerReading) -> str:
    said = "; ".join(edit.in_words for edit in disclaimer.edits[:SHOWN_EDITS])
    more = len(disclaimer.edits) - SHOWN_EDITS
    said += f"; and {more} more" if more > 0 else ""
    return MESSAGES[disclaimer.integrity] + (f": {said}." if said else ".")


RULE = Rule(
    name="disclaimer_altered",
    summary="A disclaimer is present but altered, cut, outdated, hidden, denied, repeated or out of place.",
    why=(
        "A disclaimer protects readers only as worded: one dropped 'not' reverses it, and a warning cut off by "
        "'see more' does not count as shown. Only whitespace, quotes, dashes, case, markup and line breaks may differ."
    ),
    source=(
        "FCA FG24/1 (no truncation) and SEBI circular of 5 April 2023 (no addition or deletion of words), both after "
        "secondary sources; REGULATION notes, section 11 (22 Nov 2026)"
    ),
    bad=(
        Example(
            "Don't invest unless you're prepared to lose all the money you invest. This is a high-risk investment and "
            "you are likely to be protected if something goes wrong.",
            "likely",
        ),
        Example(
            "Don't invest unless you're prepared to lose some of the money you invest. This is a low-risk investment "
            "and you are unlikely to be protected if something goes wrong.",
            "low-risk",
        ),
    ),
    good=(
        Example(
            "Don't invest unless you're prepared to lose all the money you invest. This is a high-risk investment and "
            "you are unlikely to be protected if something goes wrong."
        ),
        Example(
            "DON’T INVEST unless you’re prepared to lose all the money you invest.\nThis is a **high-risk** investment "
            "and you are unlikely to be protected if something goes wrong."
        ),
        Example("Every post here ends with the same boring disclaimer, who reads it?"),
        Example("Not financial advice, just my two cents."),
    ),
    check=check,
)
