"""What moderators decided elsewhere, kept as decisions and so as labels for training."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from detector.post import Post
from detector.reading import RECOMMENDATION_KINDS
from detector.service.judging import ID_DIGITS, judge
from detector.service.problems import Problem
from detector.service.scores import Score
from detector.service.state import Service
from detector.service.store.failures import database_errors
from detector.service.store.records import Action, Decision, Label, content_hash
from detector.service.submission import Submission

REJECTED_FROM = 0.5
GUESS = "action"  # the commonest kind, where nobody says which


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Scores by name, as people would have them; who says so, and their own token for the comment."""

    scores: Mapping[str, Score]
    by: str
    token: str = ""


async def suggest(service: Service, post: Post, suggestion: Suggestion) -> None:
    """Check the post, write the check down, and decide: returns once the decision is on disk.

    Any score from 0.5 on rejects; else the post is approved. Where nothing was found, a rejection labels the spans that
    were suggested, or the whole text, as a recommendation of a guessed kind (`unsure`). Raises `Problem`.
    """
    store = service.store
    if store is None:
        raise Problem(501, "no_store", "no database is configured, so nothing can be kept")
    submission = Submission(post, source="perspective")
    (judged,) = await judge(service, [submission], adapter="perspective")
    await service.memory.written()
    rejected = any(score.value >= REJECTED_FROM for score in suggestion.scores.values())
    found = bool(judged.checked and judged.checked.findings)
    digest = content_hash(post)
    decision = Decision(
        source=submission.source,
        post_id=post.id or digest[:ID_DIGITS],
        content_hash=digest,
        policy_checksum=judged.policy_checksum,
        action=Action.REJECT if rejected else Action.APPROVE,
        by=suggestion.by,
        reason=f"suggested by {suggestion.token}" if suggestion.token else "suggested",
        labels=() if found else _labels(post, suggestion, rejected=rejected),
        model_checksum=service.checker.model_checksum,
    )
    try:
        await asyncio.to_thread(store.decide, decision)
    except database_errors() as error:
        raise Problem(503, "store", "the decision could not be written", {"Retry-After": "5"}) from error


def _labels(post: Post, suggestion: Suggestion, *, rejected: bool) -> tuple[Label, ...]:
    """Labels for a text in which nothing was found: where an approval agrees, there is nothing to learn."""
    if not rejected or not post.text:
        return ()
    name, score = max(suggestion.scores.items(), key=lambda each: each[1].value)
    kind = name if name in RECOMMENDATION_KINDS else GUESS
    spans = [(each.start, each.end) for each in score.spans] or [(0, len(post.text))]
    return tuple(Label(start, end, kind, unsure=kind != name) for start, end in spans)
