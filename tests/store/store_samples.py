"""Checks and decisions to fill a store with."""

from dataclasses import replace

from detector.checked import Checked
from detector.finding import Edit, Finding, Fix, Integrity, Reason, Severity
from detector.post import Post
from detector.reports.parts.record import post_record
from detector.service.store.records import Action, CheckRecord, Decision, content_hash

POLICY = "p" * 64
TEXT = "Morning. You should buy NVDA before earnings. This is no advice at all."
ADVICE = Finding(
    "recommendation", "Reads as advice to act.", Severity.WARNING, 9, 45, TEXT[9:45],
    kind="action", target="instrument", probability=0.93, reasons=(Reason("should buy", 2.5), Reason("NVDA", 0.4)),
)  # fmt: skip
ALTERED = Finding(
    "disclaimer_altered", "The disclaimer was altered.", Severity.ERROR, 46, 71, TEXT[46:71],
    disclaimer="acme", integrity=Integrity.ALTERED,
    edits=(Edit("negation", 54, 56, "not", "no", changes_meaning=True),),
    fix=Fix("Restore it", 46, 71, "This is not advice at all."),
)  # fmt: skip


def check(
    number: int | str = 1, text: str = TEXT, findings: tuple[Finding, ...] = (ADVICE, ALTERED), **changes: object
) -> CheckRecord:
    """A check of one post, its offsets true."""
    post = Post(str(number), text, author="quay", title=changes.pop("title", None), parent=changes.pop("parent", None))
    record = CheckRecord(
        source="forum",
        post_id=post.id,
        content_hash=content_hash(post),
        policy_checksum=POLICY,
        verdict="review" if findings else "allow",
        findings=tuple(post_record(Checked(post, findings), policy_checksum=POLICY).findings),
        severity=max((each.severity for each in findings), default=None),
        policy="default",
        model_checksum="m" * 64,
        title=post.title,
        text=text,
        author=post.author,
        url=f"https://forum.example/p/{number}",
        parent=post.parent,
        created="2026-11-01T10:00:00Z",
    )
    return replace(record, **changes)


def decision(about: CheckRecord, action: Action = Action.APPROVE, **changes: object) -> Decision:
    """A decision on that check."""
    made = Decision(
        about.source, about.post_id, about.content_hash, about.policy_checksum, action, by="ann", reason="read it"
    )
    return replace(made, **changes)
