"""From posts to verdicts: what every protocol does between reading its request and writing its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from detector.checked import Checked
from detector.policy import Policy
from detector.post import Post
from detector.reports.parts.record import post_record
from detector.service.checker import Overloaded, TooSlow
from detector.service.engines import Unchecked
from detector.service.events import delivery_for
from detector.service.judged import Judged
from detector.service.memory import Recalled
from detector.service.problems import Problem
from detector.service.settings import Adapter
from detector.service.state import Service
from detector.service.store.records import CheckRecord, content_hash
from detector.service.submission import Submission
from detector.verdict import Ruling, Verdict, rule_on

FAILED = {"open": Verdict.ALLOW, "closed": Verdict.REVIEW}
REASONS = {Overloaded: "overloaded", TooSlow: "too_slow", Unchecked: "unchecked"}
ID_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Call:
    """One call of one protocol: its settings and its policy."""

    adapter: str
    settings: Adapter
    policy: Policy


async def judge(
    service: Service, submissions: Sequence[Submission], *, adapter: str, policy: str | None = None
) -> list[Judged]:
    """Check within the adapter's budget, rule on each post, write it down, and tell who wants to know.

    Raises `Overloaded`, `TooSlow` or `Unchecked` when the adapter's `on_failure` is `error`, `Problem` for a text that
    is too long, and `ConfigError` for a policy that is not served.
    """
    _refuse_long(submissions, service.settings.limits.text_characters)
    settings = service.settings.adapter(adapter)
    name = policy or settings.policy or None
    call = Call(adapter, settings, service.checker.policy(name))
    posts = [each.post for each in submissions]
    until = asyncio.get_running_loop().time() + settings.budget_ms / 1000
    try:
        checks = await service.checker.check(posts, policy=name, budget=settings.budget_ms / 1000)
    except (Overloaded, TooSlow, Unchecked) as error:
        return _without_answer(service, call, posts, error)
    judged = await _rule(service, call, submissions, checks, until=until)
    _count(service, adapter, judged)
    service.memory.record(
        [_record(service, call, *each) for each in zip(submissions, judged, strict=True) if each[0].keep]
    )
    for submission, each in zip(submissions, judged, strict=True):
        if submission.draft:
            continue
        event = delivery_for(each, source=submission.source, settings=service.settings.standard_webhooks)
        if event is not None:
            service.outbox.put(event)
    return judged


async def _rule(
    service: Service, call: Call, submissions: Sequence[Submission], checks: Sequence[Checked], *, until: float
) -> list[Judged]:
    """Only posts with findings are looked up: nothing that is known could change the verdict on others."""
    flagged = [number for number, checked in enumerate(checks) if checked.findings]
    left = until - asyncio.get_running_loop().time()
    asked = [submissions[number] for number in flagged]
    known = await service.memory.recall(asked, call.policy.checksum, seconds=left)
    recalled = dict(zip(flagged, known, strict=True))
    return [
        Judged(checked.post, checked, _ruling(call, submission, checked, recalled.get(number)), call.policy.checksum)
        for number, (submission, checked) in enumerate(zip(submissions, checks, strict=True))
    ]


def _ruling(call: Call, submission: Submission, checked: Checked, recalled: Recalled | None) -> Ruling:
    if recalled is None:
        return Ruling(Verdict.ALLOW)
    given = submission.circumstances
    circumstances = replace(given, upheld=max(given.upheld, recalled.upheld))
    return rule_on(checked.findings, call.policy.verdicts, circumstances=circumstances, standing=recalled.standing)


def _without_answer(
    service: Service, call: Call, posts: Sequence[Post], error: Overloaded | TooSlow | Unchecked
) -> list[Judged]:
    """What the adapter's `on_failure` says. Raises the error itself for `error`."""
    reason, on_failure = REASONS[type(error)], call.settings.on_failure
    service.metrics.failures.labels(call.adapter, reason, on_failure).inc(len(posts))
    if on_failure == "error":
        raise error
    ruling = Ruling(FAILED[on_failure], because=f"no answer: {reason}")
    return [Judged(post, None, ruling, call.policy.checksum, reason) for post in posts]


def _record(service: Service, call: Call, submission: Submission, judged: Judged) -> CheckRecord:
    """What the store is given. A post without an id is known by its text."""
    post = submission.post
    digest = content_hash(post)
    findings = judged.checked.findings if judged.checked else ()
    rows = post_record(judged.checked, policy_checksum=judged.policy_checksum).findings if judged.checked else ()
    return CheckRecord(
        source=submission.source,
        post_id=post.id or digest[:ID_DIGITS],
        content_hash=digest,
        policy_checksum=judged.policy_checksum,
        verdict=judged.ruling.verdict,
        findings=tuple(rows),
        severity=max((each.severity for each in findings), default=None),
        policy=call.policy.name,
        model_checksum=service.checker.model_checksum,
        title=post.title,
        text=post.text,
        author=post.author,
        url=post.url,
        parent=post.parent,
        created=post.created,
    )


def _refuse_long(submissions: Sequence[Submission], longest: int) -> None:
    for each in submissions:
        if len(each.post.text) + len(each.post.title or "") > longest:
            raise Problem(413, "too_large", f"a post may have {longest} characters")


def _count(service: Service, adapter: str, judged: Sequence[Judged]) -> None:
    for each in judged:
        service.metrics.posts.labels(adapter, each.ruling.verdict).inc()
        for finding in each.checked.findings if each.checked else ():
            service.metrics.findings.labels(finding.rule, finding.kind or "").inc()
