"""From a filled-in form to a decision."""

from __future__ import annotations

import re

from detector.reading import KINDS, RECOMMENDATION_KINDS, TARGETS
from detector.service.console.access import Act
from detector.service.console.missed import missed_labels
from detector.service.console.views import FindingView, finding_views, whole_text
from detector.service.problems import Problem
from detector.service.store.queue import Stored
from detector.service.store.records import Action, Decision, Label

LONGEST_REASON = 2_000
OFFSET = re.compile(r"[0-9]{1,9}")
CORRECTIONS = (Action.WRONG_SPAN, Action.WRONG_KIND)


def decision_of(act: Act, post: Stored) -> Decision:
    """What the moderator decided. Raises `Problem` for what cannot be decided."""
    try:
        action = Action(act.field("action"))
    except ValueError:
        raise Problem(422, "no_action", "Choose what you decide.") from None
    reason = act.field("reason")
    if not reason or len(reason) > LONGEST_REASON:
        raise Problem(422, "no_reason", f"Give a reason of at most {LONGEST_REASON} characters.")
    if action is Action.UNDO and post.standing is None:
        raise Problem(409, "nothing_stands", "There is no decision to undo.")
    if action in CORRECTIONS and not _judged(post):
        raise Problem(422, "nothing_judged", "No finding here has a span or a kind to correct.")
    return Decision(
        source=post.source,
        post_id=post.post_id,
        content_hash=post.content_hash,
        policy_checksum=post.policy_checksum,
        action=action,
        by=act.visitor.user.name,
        reason=reason,
        labels=_labels(act, action, post),
        model_checksum=post.model_checksum,
    )


def seen_by(act: Act) -> int | None:
    """The decision that stood when the page was made."""
    value = act.field("seen")
    return int(value) if value.isdecimal() and value.isascii() else None


def _judged(post: Stored) -> list[FindingView]:
    return [each for each in finding_views(post) if each.judged]


def _labels(act: Act, action: Action, post: Stored) -> tuple[Label, ...]:
    """Every judged passage as the moderator sees it; what they left alone counts as confirmed."""
    judged = _judged(post)
    as_found = tuple(map(_as_found, judged))
    if action not in CORRECTIONS:
        missed = missed_labels(act, post, as_found)
        if missed and action is not Action.REJECT:
            raise Problem(422, "contradiction", "Where a passage was missed, something is wrong: reject instead.")
        return as_found + missed if missed else ()  # without any, the store derives them
    change = _moved if action is Action.WRONG_SPAN else _renamed
    labels = tuple(change(act, each) for each in judged)
    text = whole_text(post)
    if text is not None and any(label.end > len(text) for label in labels):
        raise Problem(422, "no_span", f"The post has {len(text)} characters; a span ends within them.")
    if labels == as_found:
        raise Problem(422, "nothing_corrected", "Nothing was corrected: change a span or a kind, or reject the post.")
    return labels + missed_labels(act, post, labels)


def _as_found(view: FindingView) -> Label:
    return Label(view.start, view.end, view.record.kind or "", view.record.target)


def _moved(act: Act, view: FindingView) -> Label:
    start, end = (_offset(act.field(f"{edge}-{view.number}")) for edge in ("start", "end"))
    if start >= end:
        raise Problem(422, "no_span", "A span ends behind its start.")
    return Label(start, end, view.record.kind or "", view.record.target)


def _offset(given: str) -> int:
    if not OFFSET.fullmatch(given):
        raise Problem(422, "no_span", "A span has a start and an end, both numbers.")
    return int(given)


def _renamed(act: Act, view: FindingView) -> Label:
    kind, target = act.field(f"kind-{view.number}"), act.field(f"target-{view.number}")
    if kind not in KINDS or (target and target not in TARGETS):
        raise Problem(422, "no_kind", "There is no such kind, or no such target.")
    return Label(view.start, view.end, kind, (target or None) if kind in RECOMMENDATION_KINDS else None)
