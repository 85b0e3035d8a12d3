"""Perspective's `comments:analyze` and `comments:suggestscore`, for client code whose own endpoint ends with 2026.

After the API's own reference (conversationai/perspectiveapi, 2-api/methods.md) and Coral Talk's client.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, TypeVar

import msgspec
from fastapi import APIRouter, Request, Response

from detector.post import Origin, Post, TextFormat
from detector.service.bodies import json_response, read_json
from detector.service.feedback import Suggestion, suggest
from detector.service.judged import Judged
from detector.service.judging import judge
from detector.service.openapi import described
from detector.service.problems import Problem
from detector.service.scores import ADVICE, NAMES, Score, SpanScore, scores_of
from detector.service.settings import Limits
from detector.service.state import Service
from detector.service.submission import Submission
from detector.units import Units

requires: Literal["key"] = "key"
BASE = "/v1alpha1"
ATTRIBUTES = {name.upper(): name for name in NAMES}
FORMATS: dict[str, TextFormat] = {"PLAIN_TEXT": "plain", "HTML": "html"}
STATUSES = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 413: "INVALID_ARGUMENT", 422: "INVALID_ARGUMENT"}
STATUSES |= {408: "DEADLINE_EXCEEDED", 429: "RESOURCE_EXHAUSTED", 503: "UNAVAILABLE", 501: "UNIMPLEMENTED"}
UNPROCESSABLE = 422
T = TypeVar("T")
REASONS = {429: "RATE_LIMIT_EXCEEDED", 401: "API_KEY_INVALID"}


class TextEntry(msgspec.Struct, kw_only=True):
    """A text; `type` is PLAIN_TEXT or HTML."""

    text: str
    type: Literal["PLAIN_TEXT", "HTML", "TEXT_TYPE_UNSPECIFIED"] = "PLAIN_TEXT"


class Context(msgspec.Struct, kw_only=True):
    """What the comment answers."""

    entries: list[TextEntry] = []


class Requested(msgspec.Struct, kw_only=True):
    """How an attribute is wanted: scores below the threshold are left out."""

    scoreType: Literal["PROBABILITY", "SCORE_TYPE_UNSPECIFIED"] = "PROBABILITY"  # noqa: N815
    scoreThreshold: float = 0.0  # noqa: N815


class ScoreValue(msgspec.Struct, kw_only=True):
    """A number from 0 to 1."""

    value: float
    type: str = "PROBABILITY"


class Span(msgspec.Struct, kw_only=True):
    """A passage: UTF-16 code units, as JavaScript counts; end exclusive."""

    begin: int
    end: int
    score: ScoreValue


class AttributeScore(msgspec.Struct, kw_only=True):
    """The scores of one attribute."""

    summaryScore: ScoreValue  # noqa: N815
    spanScores: list[Span] = []  # noqa: N815


class AnalyzeRequest(msgspec.Struct, kw_only=True):
    """A comment and what is asked about it. Unknown fields are passed over, as clients of many ages call."""

    comment: TextEntry
    requestedAttributes: dict[str, Requested]  # noqa: N815
    spanAnnotations: bool = False  # noqa: N815
    languages: list[str] = []
    doNotStore: bool = False  # noqa: N815
    clientToken: str | None = None  # noqa: N815
    sessionId: str | None = None  # noqa: N815
    communityId: str | None = None  # noqa: N815
    context: Context | None = None


class AnalyzeAnswer(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The scores that were asked for."""

    attributeScores: dict[str, AttributeScore]  # noqa: N815
    languages: list[str]
    detectedLanguages: list[str]  # noqa: N815
    clientToken: str | None = None  # noqa: N815


class SuggestRequest(msgspec.Struct, kw_only=True):
    """What people say that the scores of a comment should be."""

    comment: TextEntry
    attributeScores: dict[str, AttributeScore]  # noqa: N815
    languages: list[str] = []
    clientToken: str | None = None  # noqa: N815
    communityId: str | None = None  # noqa: N815
    context: Context | None = None


class SuggestAnswer(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Its receipt: what was suggested is on disk."""

    clientToken: str | None = None  # noqa: N815
    requestedLanguages: list[str] = []  # noqa: N815


def routes(service: Service) -> APIRouter:
    """`POST /v1alpha1/comments:analyze` and `POST /v1alpha1/comments:suggestscore`."""
    router = APIRouter()
    limits = service.settings.limits
    document = described(AnalyzeRequest, answer=AnalyzeAnswer)

    @router.post(f"{BASE}/comments:analyze", response_class=Response, openapi_extra=document)
    async def analyze(request: Request) -> Response:
        """Score one comment."""
        asked = await _read(request, AnalyzeRequest, limits)
        _refuse_unknown(asked.requestedAttributes)
        submission = Submission(_post(asked.comment), source="perspective", keep=not asked.doNotStore)
        (judged,) = await judge(service, [submission], adapter="perspective")
        return json_response(answer(asked, judged), headers=judged.headers)

    document = described(SuggestRequest, answer=SuggestAnswer)

    @router.post(f"{BASE}/comments:suggestscore", response_class=Response, openapi_extra=document)
    async def suggestscore(request: Request) -> Response:
        """Keep what moderators decided as a label."""
        given = await _read(request, SuggestRequest, limits)
        _refuse_unknown(given.attributeScores)
        post = _post(given.comment)
        units = Units(post.text, "utf16")
        scores = {ATTRIBUTES[name]: _suggested(score, units) for name, score in given.attributeScores.items()}
        by = given.communityId or "perspective"
        await suggest(service, post, Suggestion(scores, by, given.clientToken or ""))
        return json_response(SuggestAnswer(clientToken=given.clientToken, requestedLanguages=given.languages))

    return router


async def _read(request: Request, body_type: type[T], limits: Limits) -> T:
    """The body; where its shape is wrong, Google says 400, not 422."""
    try:
        return await read_json(request, body_type, limits)
    except Problem as problem:
        raise replace(problem, status=400) if problem.status == UNPROCESSABLE else problem from None


def answer(asked: AnalyzeRequest, judged: Judged) -> AnalyzeAnswer:
    """The scores in Perspective's shape. Raises `Problem` for a language that is not judged."""
    language = judged.checked.language if judged.checked else "en"
    if judged.checked is not None and judged.checked.abstained:
        _refuse_language(language, asked.requestedAttributes)
    scores = scores_of(judged)
    units = Units(judged.post.text, "utf16")
    wanted = {
        name: _attribute(scores[ATTRIBUTES[name]], units, spans=asked.spanAnnotations)
        for name, how in asked.requestedAttributes.items()
        if scores[ATTRIBUTES[name]].value >= how.scoreThreshold
    }
    return AnalyzeAnswer(
        attributeScores=wanted,
        languages=asked.languages or [language],
        detectedLanguages=[language],
        clientToken=asked.clientToken,
    )


def problem_body(problem: Problem) -> dict[str, Any]:
    """Errors as Google's APIs write them."""
    status = STATUSES.get(problem.status, "INTERNAL")
    error: dict[str, Any] = {"code": problem.status, "message": problem.message, "status": status}
    if problem.status in REASONS:
        info = {"reason": REASONS[problem.status], "domain": "googleapis.com"}
        error["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", **info}]
    if problem.code == "language":
        error["details"] = [
            {
                "@type": "type.googleapis.com/google.commentanalyzer.v1alpha1.Error",
                "errorType": "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
            }
        ]
    return {"error": error}


def _attribute(score: Score, units: Units, *, spans: bool) -> AttributeScore:
    found = [
        Span(
            begin=units.from_code_points(each.start),
            end=units.from_code_points(each.end),
            score=ScoreValue(value=each.value),
        )
        for each in (score.spans if spans else ())
    ]
    return AttributeScore(summaryScore=ScoreValue(value=score.value), spanScores=found)


def _suggested(given: AttributeScore, units: Units) -> Score:
    places = [(units.to_code_points(each.begin), units.to_code_points(each.end), each) for each in given.spanScores]
    spans = tuple(SpanScore(start, end, each.score.value) for start, end, each in places if start < end)
    return Score(given.summaryScore.value, spans)


def _refuse_unknown(names: dict[str, Any]) -> None:
    if not names:
        raise Problem(400, "invalid", "no attribute is requested")
    for name in names:
        if name not in ATTRIBUTES:
            served = ", ".join(ATTRIBUTES)
            raise Problem(400, "invalid", f"Attribute {name[:100]} is not supported. Supported: {served}")


def _refuse_language(language: str, names: dict[str, Requested]) -> None:
    for name in names:
        if ATTRIBUTES[name] == ADVICE or not name.startswith("DISCLAIMER"):
            raise Problem(400, "language", f"Attribute {name} does not support request languages: {language}")


def _post(entry: TextEntry) -> Post:
    return Post("", entry.text, origin=Origin("", 1, "perspective"), format=FORMATS.get(entry.type, "plain"))
