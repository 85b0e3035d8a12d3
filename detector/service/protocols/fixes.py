"""Fixes for one finding, asked for when an author looks at it: `POST /v1/fixes`."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import msgspec
from fastapi import APIRouter, Request, Response

from detector.checked import finding_id, text_checksum
from detector.finding import Finding
from detector.service.bodies import json_response, read_json
from detector.service.fixing import offers
from detector.service.judging import judge
from detector.service.offering import OfferRecord, offer_record
from detector.service.openapi import described
from detector.service.problems import Problem
from detector.service.protocols.native import ERRORS, CheckOne, submission_of
from detector.service.state import Service

requires: Literal["key"] = "key"
SCHEMA = "detector.fixes/1"
SECONDS = 5.0


class FixesQuestion(CheckOne, kw_only=True):
    """The post as it was checked, and the id of the finding."""

    finding: str


class FixesAnswer(msgspec.Struct):
    """What the author can do, the gentlest change first."""

    schema: str
    fixes: list[OfferRecord]


def routes(service: Service) -> APIRouter:
    """`POST /v1/fixes`."""
    router = APIRouter()

    errors = {**ERRORS, 404: "the post has no such finding"}
    extra = described(FixesQuestion, answer=FixesAnswer, errors=errors)

    @router.post("/v1/fixes", response_class=Response, openapi_extra=extra)
    async def fixes(request: Request) -> Response:
        """Fixes for one finding of one post; each was tried before it is offered."""
        asked = await read_json(request, FixesQuestion, service.settings.limits)
        submission = replace(submission_of(asked, 1), keep=False, draft=True)
        policy = asked.policy or service.settings.native.policy or None
        [judged] = await judge(service, [submission], adapter="native", policy=asked.policy)
        found = judged.checked.findings if judged.checked else ()
        wanted = [_named(found, asked, judged.policy_checksum)]
        [tried] = await offers(service, submission.post, found, wanted=wanted, policy=policy, seconds=SECONDS)
        return json_response(FixesAnswer(SCHEMA, list(map(offer_record, tried))))

    return router


def _named(findings: tuple[Finding, ...], asked: FixesQuestion, policy_checksum: str) -> Finding:
    checksum = text_checksum(asked.text)
    for finding in findings:
        if finding_id(finding, text_checksum=checksum, policy_checksum=policy_checksum) == asked.finding:
            return finding
    raise Problem(404, "no_such_finding", "this post has no such finding")
