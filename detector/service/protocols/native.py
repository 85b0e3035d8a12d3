"""Our own protocol: one post or a batch in, records of `detector.post/1` with verdicts out."""

from __future__ import annotations

import asyncio
from typing import Literal

import msgspec
from fastapi import APIRouter, Request, Response

from detector.post import Origin, Post, TextFormat
from detector.reports.parts.record import PostRecord, post_record
from detector.service.bodies import json_response, read_json
from detector.service.judged import Judged
from detector.service.judging import judge
from detector.service.offering import FindingFixes, fixes_of
from detector.service.openapi import described
from detector.service.problems import Problem
from detector.service.state import Service
from detector.service.submission import Submission
from detector.verdict import Circumstances, Verdict

requires: Literal["key"] = "key"
SCHEMA = "detector.check/1"
ERRORS = {
    400: "not JSON, or nested too deeply",
    401: "no valid key",
    413: "too large",
    415: "not JSON by its content type",
    422: "not the expected shape",
    429: "too many wait; come again after Retry-After seconds",
    503: "no answer in time",
}


class CheckPost(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A post to check, with what the platform knows of its author (`role`, `upheld`) and place
    (`site`). `source` names the platform, within which ids are unique."""

    text: str
    id: str = ""
    title: str | None = None
    author: str | None = None
    created: str | None = None
    parent: str | None = None
    url: str | None = None
    format: TextFormat = "plain"
    source: str = ""
    role: str = ""
    site: str = ""
    upheld: int = 0
    draft: bool = False
    """Still being written: nothing of it is kept or sent on."""


class CheckOne(CheckPost, kw_only=True):
    """One post by itself. With `fixes`, the answer says what its author can do about each finding."""

    policy: str | None = None
    fixes: bool = False


class CheckBatch(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Several posts; `policy` and `fixes` are for all of them."""

    posts: list[CheckPost]
    policy: str | None = None
    fixes: bool = False


class VerdictRecord(msgspec.Struct):
    """What is to happen to the post; `findings` are the ids of those that decided."""

    verdict: Verdict
    because: str
    findings: list[str]


class Result(msgspec.Struct):
    """One post's verdict and record; without a record there was no answer in time, and `verdict.because` says why.
    `fixes`: for each finding, changes that were made on a copy and checked again; null where nobody asked for them."""

    verdict: VerdictRecord
    post: PostRecord | None
    fixes: list[FindingFixes] | None = None


class CheckAnswer(msgspec.Struct):
    """Results in the order of the request."""

    schema: str
    policy: str
    policy_checksum: str
    results: list[Result]


class Either(msgspec.Struct):
    """Only looked at to tell the two requests apart."""

    posts: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


DOCUMENT = described(CheckOne, CheckBatch, answer=CheckAnswer, errors=ERRORS)


def routes(service: Service) -> APIRouter:
    """`POST /v1/check`."""
    router = APIRouter()
    limits = service.settings.limits

    @router.post(
        "/v1/check",
        response_class=Response,
        openapi_extra=described(CheckOne, CheckBatch, answer=CheckAnswer, errors=ERRORS),
    )
    async def check(request: Request) -> Response:
        """Check one post (`text` and its fields) or a batch (`posts`)."""
        either = await read_json(request, Either, limits)
        batch: CheckOne | CheckBatch
        if isinstance(either.posts, msgspec.Raw):
            batch = await read_json(request, CheckBatch, limits)
        else:
            batch = await read_json(request, CheckOne, limits)
        posts = batch.posts if isinstance(batch, CheckBatch) else [batch]
        if len(posts) > limits.batch_posts:
            raise Problem(413, "too_large", f"a batch may have {limits.batch_posts} posts")
        submissions = [submission_of(each, number) for number, each in enumerate(posts, 1)]
        loop, settings = asyncio.get_running_loop(), service.settings.native
        until = loop.time() + settings.budget_ms / 1000
        judged = await judge(service, submissions, adapter="native", policy=batch.policy)
        results = list(map(result, judged))
        name = batch.policy or settings.policy or None
        if batch.fixes:
            fixes = await fixes_of(service, judged, policy=name, seconds=until - loop.time())
            for each, own in zip(results, fixes, strict=True):
                each.fixes = own
        policy = service.checker.policy(name)
        return json_response(
            CheckAnswer(SCHEMA, policy.name, policy.checksum, results), headers=judged[0].headers if judged else None
        )

    return router


def result(judged: Judged) -> Result:
    """What is said of one post."""
    if judged.checked is None:
        return Result(VerdictRecord(judged.ruling.verdict, judged.ruling.because, []), None)
    record = post_record(judged.checked, policy_checksum=judged.policy_checksum)
    decisive = [record.findings[number].id for number in judged.ruling.decisive]
    return Result(VerdictRecord(judged.ruling.verdict, judged.ruling.because, decisive), record)


def submission_of(given: CheckPost, number: int, *, source: str = "native") -> Submission:
    """The post as given; `number` is its place in the request."""
    post = Post(
        id=given.id,
        text=given.text,
        title=given.title,
        author=given.author,
        created=given.created,
        parent=given.parent,
        url=given.url,
        format=given.format,
        origin=Origin("", number, source),
    )
    circumstances = Circumstances(given.role, given.site, given.upheld)
    is_draft = given.draft
    return Submission(post, circumstances, source=given.source or source, keep=not is_draft, draft=is_draft)
