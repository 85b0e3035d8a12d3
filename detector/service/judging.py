"""From posts to verdicts: what every protocol does between reading its request and writing its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detector.checked import Checked
from detector.post import Post
from detector.service.checker import Overloaded, TooSlow
from detector.service.lane import Unchecked
from detector.service.problems import Problem
from detector.service.settings import OnFailure
from detector.service.state import Service
from detector.verdict import Circumstances, Ruling, Verdict, rule_on

NOBODY = Circumstances()
FAILED = {"open": Verdict.ALLOW, "closed": Verdict.REVIEW}
REASONS = {Overloaded: "overloaded", TooSlow: "too_slow", Unchecked: "unchecked"}


@dataclass(frozen=True, slots=True)
class Submission:
    """A post to judge, and what its platform knows of author and place."""

    post: Post
    circumstances: Circumstances = NOBODY


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of it. `checked` is None when there was no answer in time; `failure` then says why."""

    post: Post
    checked: Checked | None
    ruling: Ruling
    policy_checksum: str
    failure: str = ""


async def judge(
    service: Service, submissions: Sequence[Submission], *, adapter: str, policy: str | None = None
) -> list[Judged]:
    """Check within the adapter's budget and rule on each post.

    Raises `Overloaded`, `TooSlow` or `Unchecked` when the adapter's `on_failure` is `error`, `Problem` for a text that
    is too long, and `ConfigError` for a policy that is not served.
    """
    settings = service.settings.adapter(adapter)
    name = policy or settings.policy or None
    _refuse_long(submissions, service.settings.limits.text_characters)
    chosen = service.checker.policy(name)
    try:
        checks = await service.checker.check(
            [each.post for each in submissions], policy=name, budget=settings.budget_ms / 1000
        )
    except (Overloaded, TooSlow, Unchecked) as error:
        reason = REASONS[type(error)]
        service.metrics.failures.labels(adapter, reason, settings.on_failure).inc(len(submissions))
        if settings.on_failure == "error":
            raise
        return _without_answer(submissions, settings.on_failure, reason, chosen.checksum)
    judged = [
        Judged(checked.post, checked, _ruling(service, checked, each), chosen.checksum)
        for each, checked in zip(submissions, checks, strict=True)
    ]
    _count(service, judged, adapter)
    return judged


def _ruling(service: Service, checked: Checked, submission: Submission, policy: str | None = None) -> Ruling:
    chosen = service.checker.policy(policy)
    return rule_on(checked.findings, chosen.verdicts, circumstances=submission.circumstances)


def _without_answer(
    submissions: Sequence[Submission], on_failure: OnFailure, reason: str, checksum: str
) -> list[Judged]:
    ruling = Ruling(FAILED[on_failure], because=f"no answer: {reason}")
    return [Judged(each.post, None, ruling, checksum, reason) for each in submissions]


def _refuse_long(submissions: Sequence[Submission], longest: int) -> None:
    for each in submissions:
        if len(each.post.text) + len(each.post.title or "") > longest:
            raise Problem(413, "too_large", f"a post may have {longest} characters")


def _count(service: Service, judged: Sequence[Judged], adapter: str) -> None:
    for each in judged:
        service.metrics.posts.labels(adapter, each.ruling.verdict).inc()
        for finding in each.checked.findings if each.checked else ():
            service.metrics.findings.labels(finding.rule, finding.kind or "").inc()
