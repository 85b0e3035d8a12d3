"""The words for what a report names by code: integrity, edits, severities, kinds."""

from __future__ import annotations

from collections import Counter

from detector.checked import Run
from detector.finding import Finding, Integrity
from detector.kinds import KIND_WORDS

ALMOST_CERTAIN = 0.99
SMALLEST_SHARE = 0.001
PROMINENCE = "presence verified; prominence not assessed, unless the export states it"

INTEGRITY_WORDS = {
    Integrity.INTACT: "word for word as registered",
    Integrity.REFORMATTED: "same words, other layout",
    Integrity.DUPLICATED: "stands more than once",
    Integrity.MISPLACED: "not where the policy wants it",
    Integrity.OUTDATED: "an earlier version, no longer in force",
    Integrity.QUOTED: "only in someone else's words",
    Integrity.TRUNCATED: "cut short",
    Integrity.ALTERED: "words were changed",
    Integrity.CONCEALED: "hidden from readers",
    Integrity.CONTRADICTED: "denied beside it",
    Integrity.MISSING: "not there",
}

EDIT_WORDS = {
    "negation": "a negation changed",
    "modal": "an obligation changed",
    "number": "a number changed",
    "party": "a named party changed",
    "dropped": "words dropped",
    "inserted": "words added",
    "disguised": "letters disguised",
    "reordered": "words moved",
    "synonym": "a word replaced",
    "typo": "a spelling slip",
    "punctuation": "punctuation changed",
    "other": "changed",
}


def kind_label(kind: str) -> str:
    """The kind as people call it; a kind that has no words keeps its code."""
    words = KIND_WORDS.get(kind)
    return words.label if words else kind


def subject(finding: Finding) -> str:
    """What the finding is about, in words: its kind, or its rule."""
    return kind_label(finding.kind) if finding.kind else finding.rule.replace("_", " ")


def probability(value: float) -> str:
    """A probability in per cent that never claims to be certain."""
    if value > ALMOST_CERTAIN:
        return f"> {ALMOST_CERTAIN:.0%}"
    return f"{value:.0%}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 post`, `2,000 posts`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def share(part: int, whole: int) -> str:
    """A share in per cent that never rounds something to nothing."""
    if part and part < whole * SMALLEST_SHARE:
        return f"< {SMALLEST_SHARE:.1%}"
    return f"{part / whole:.1%}" if whole else "–"


def conclusion(run: Run) -> str:
    """The whole run in one sentence."""
    tally = run.tally
    if not tally.posts:
        return "No post was read."
    if not tally.flagged:
        return f"Nothing was found in {counted(tally.posts, 'post')}."
    found = counted(tally.findings.total(), "finding")
    return f"{found} in {tally.flagged:,} of {counted(tally.posts, 'post')} ({share(tally.flagged, tally.posts)})."


def let_stand(run: Run) -> str:
    """How many findings authors let stand by comments; empty without one."""
    number = run.tally.suppressed
    if not number:
        return ""
    return f"{counted(number, 'finding')} {'was' if number == 1 else 'were'} let stand by comments in the text."


def balance(run: Run) -> str:
    """How the counts add up, as one line that a reader can check."""
    tally = run.tally
    return (
        f"{counted(tally.records, 'record')} = {tally.flagged:,} with findings + {tally.clean:,} without"
        f" + {tally.unjudged:,} not judged (language) + {tally.rejected:,} unreadable + {tally.left_out:,} left out"
    )


def disclaimers(run: Run) -> str:
    """Posts by the state of their disclaimer, least bad first, and what that does not say."""
    counts: Counter[Integrity] = Counter()
    for (_, integrity), number in run.tally.disclaimers.items():
        counts[integrity] += number
    said = ", ".join(f"{counts[state]:,} {state}" for state in Integrity if counts[state])
    is_there = any(state is not Integrity.MISSING for state in counts)
    return f"Disclaimers: {said}" + (f" ({PROMINENCE})" if is_there else "")
