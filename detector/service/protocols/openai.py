"""OpenAI's `/v1/moderations`, for any tool whose base URL can be set.

After OpenAI's API reference. The thirteen standard categories are always false, as typed clients insist on them.
"""

from __future__ import annotations

from typing import Any, Literal
from uuid import uuid4

import msgspec
from fastapi import APIRouter, Request, Response

from detector import __version__
from detector.post import Origin, Post
from detector.service.bodies import json_response, read_json
from detector.service.judged import Judged
from detector.service.judging import judge
from detector.service.openapi import described
from detector.service.problems import Problem
from detector.service.scores import ADVICE, ALTERED, MISSING, NAMES, scores_of
from detector.service.state import Service
from detector.service.submission import Submission
from detector.verdict import Verdict

requires: Literal["key"] = "key"
STANDARD = (
    "harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent", "self-harm",
    "self-harm/instructions", "self-harm/intent", "sexual", "sexual/minors", "violence", "violence/graphic",
)  # fmt: skip
OURS = {ADVICE: ADVICE, MISSING: "disclaimer/missing", ALTERED: "disclaimer/altered"}
CATEGORIES = {name: OURS.get(name, f"{ADVICE}/{name}") for name in NAMES}


class TextPart(msgspec.Struct, tag="text", kw_only=True):
    """A text."""

    text: str


class ImagePart(msgspec.Struct, tag="image_url", kw_only=True):
    """A picture: taken, and not looked at; `category_applied_input_types` says so."""

    image_url: dict[str, str]


class ModerationRequest(msgspec.Struct, kw_only=True):
    """One text, several texts, or one message in parts."""

    input: str | list[str | TextPart | ImagePart]
    model: str = ""


class ModerationResult(msgspec.Struct, kw_only=True):
    """The categories of one input."""

    flagged: bool
    categories: dict[str, bool]
    category_scores: dict[str, float]
    category_applied_input_types: dict[str, list[str]]


class ModerationAnswer(msgspec.Struct, kw_only=True):
    """Results in the order of the inputs."""

    id: str
    model: str
    results: list[ModerationResult]


def routes(service: Service) -> APIRouter:
    """`POST /v1/moderations`."""
    router = APIRouter()
    limits = service.settings.limits
    document = described(ModerationRequest, answer=ModerationAnswer)

    @router.post("/v1/moderations", response_class=Response, openapi_extra=document)
    async def moderations(request: Request) -> Response:
        """Judge one input or several."""
        texts = texts_of(await read_json(request, ModerationRequest, limits))
        if len(texts) > limits.batch_posts:
            raise Problem(413, "too_large", f"a request may have {limits.batch_posts} inputs")
        submissions = [
            Submission(Post("", text, origin=Origin("", number, "openai")), source="openai")
            for number, text in enumerate(texts, 1)
        ]
        judged = await judge(service, submissions, adapter="openai")
        results = list(map(result, judged))
        headers = judged[0].headers if judged else None
        return json_response(
            ModerationAnswer(id=f"modr-{uuid4().hex}", model=f"detector-{__version__}", results=results),
            headers=headers,
        )

    return router


def texts_of(asked: ModerationRequest) -> list[str]:
    """The texts to judge: one for each string, one for all parts of a message. Raises `Problem` without any."""
    if isinstance(asked.input, str):
        return [asked.input]
    strings = [each for each in asked.input if isinstance(each, str)]
    parts = [each.text for each in asked.input if isinstance(each, TextPart)]
    if strings and len(strings) < len(asked.input):
        raise Problem(400, "invalid", "strings and parts cannot be mixed in one input")
    if not strings and not parts:
        raise Problem(400, "invalid", "there is no text in the input")
    return strings or ["\n\n".join(parts)]


def result(judged: Judged) -> ModerationResult:
    """The verdict in OpenAI's shape: flagged is everything but `allow`."""
    scores = {CATEGORIES[name]: score.value for name, score in scores_of(judged).items()}
    values = dict.fromkeys(STANDARD, 0.0) | scores
    found = found_in(judged)
    return ModerationResult(
        flagged=judged.ruling.verdict is not Verdict.ALLOW,
        categories={name: name in found for name in values},
        category_scores=values,
        category_applied_input_types={name: ["text"] if name in scores else [] for name in values},
    )


def found_in(judged: Judged) -> set[str]:
    """The categories of the findings."""
    findings = judged.checked.findings if judged.checked else ()
    kinds = {CATEGORIES[each.kind] for each in findings if each.kind in CATEGORIES}
    rules = {CATEGORIES[each.rule] for each in findings if each.rule in CATEGORIES}
    advice = {ADVICE} if any(each.rule == "recommendation" for each in findings) else set()
    return kinds | rules | advice


def problem_body(problem: Problem) -> dict[str, Any]:
    """Errors as OpenAI writes them."""
    kind = "invalid_request_error" if problem.status < 429 else "server_error"  # noqa: PLR2004 (429: come again)
    return {"error": {"message": problem.message, "type": kind, "param": None, "code": problem.code}}
