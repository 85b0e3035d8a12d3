"""Coral Talk's external moderation phase.

After coralproject/talk, server/EXTERNAL_MODERATION_PHASES.md and …/pipeline/phases/external.ts. Coral signs raw bytes,
sends neither comment id nor time (so that a replay cannot be told from a repeat, and does nothing but check again), and
drops an answer with a single value that it does not know.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from fastapi import APIRouter, Request, Response

from detector.finding import Finding
from detector.post import Origin, Post
from detector.service.bodies import decode_json, json_response, refuse_other_types
from detector.service.judged import Judged
from detector.service.judging import judge
from detector.service.openapi import described
from detector.service.problems import Problem
from detector.service.signatures import is_signed
from detector.service.state import Service
from detector.service.submission import Submission
from detector.verdict import Circumstances, Verdict

requires: Literal["signature"] = "signature"
HEADER = "x-coral-signature"
FLAG = {"actionType": "FLAG", "reason": "COMMENT_DETECTED_SPAM"}
LONGEST_PASSAGE = 300
MEMBER = {"commenter": "member"}


class CoralComment(msgspec.Struct, kw_only=True):
    """The comment."""

    body: str
    parentID: str | None = None  # noqa: N815


class CoralAuthor(msgspec.Struct, kw_only=True):
    """Its author."""

    id: str
    role: str = "COMMENTER"


class CoralStory(msgspec.Struct, kw_only=True):
    """What is commented on."""

    id: str
    url: str = ""


class CoralSite(msgspec.Struct, kw_only=True):
    """Where."""

    id: str


class CoralRequest(msgspec.Struct, kw_only=True):
    """A comment that is about to be published (NEW) or changed (EDIT); an edit is checked as what it has become."""

    action: Literal["NEW", "EDIT"]
    comment: CoralComment
    author: CoralAuthor
    story: CoralStory
    site: CoralSite
    tenantID: str  # noqa: N815
    tenantDomain: str = ""  # noqa: N815


def routes(service: Service) -> APIRouter:
    """`POST /coral/moderation`, when there are signing secrets."""
    router = APIRouter()
    phase = service.settings.coral_phase
    if not phase.secrets:
        return router

    @router.post("/coral/moderation", response_class=Response, openapi_extra=described(CoralRequest))
    async def moderation(request: Request) -> Response:
        """Judge a comment: 204 lets it through."""
        refuse_other_types(request)
        body = await request.body()
        if not is_signed(body, request.headers.get(HEADER, ""), phase.secrets):
            raise Problem(401, "signature", "the body is not signed by a known secret")
        asked = decode_json(body, CoralRequest, service.settings.limits)
        circumstances = Circumstances(role=_role(asked.author.role), site=asked.site.id)
        post = Post(
            "",
            asked.comment.body,
            author=asked.author.id,
            parent=asked.comment.parentID,
            url=asked.story.url,
            origin=Origin("", 1, "coral"),
            format=phase.format,
        )
        submission = Submission(post, circumstances, source=f"coral:{asked.tenantID}")
        (judged,) = await judge(service, [submission], adapter="coral")
        answered = answer(judged)
        if answered is None:
            return Response(status_code=204, headers=judged.headers)
        return json_response(answered, headers=judged.headers)

    return router


def answer(judged: Judged) -> dict[str, Any] | None:
    """What Coral is told: nothing; a flag; a flag and the queue of withheld comments; a rejection with its reason."""
    match judged.ruling.verdict:
        case Verdict.ALLOW:
            return None
        case Verdict.NUDGE:
            return {"actions": [FLAG]}
        case Verdict.REVIEW:
            return {"actions": [FLAG], "status": "SYSTEM_WITHHELD"}
        case Verdict.BLOCK:
            reason = {
                "code": "OTHER",
                "customReason": "investment recommendation or disclaimer",
                "detailedExplanation": explanation(judged),
            }
            action = {"status": "REJECTED", "rejectionReason": reason}
            return {"actions": [FLAG], "status": "REJECTED", "moderationAction": action}


def explanation(judged: Judged) -> str:
    """The rules that decided, and the passages."""
    findings = judged.checked.findings if judged.checked else ()
    decisive = [findings[number] for number in judged.ruling.decisive]
    return "\n".join(map(_line, decisive)) or judged.ruling.because


def _line(finding: Finding) -> str:
    name = f"{finding.rule} ({finding.kind})" if finding.kind else finding.rule
    passage = finding.text if len(finding.text) <= LONGEST_PASSAGE else finding.text[: LONGEST_PASSAGE - 1] + "…"
    return f"{name}: {passage}" if passage else f"{name}: {finding.message}"


def _role(role: str) -> str:
    return MEMBER.get(role.lower(), role.lower())
