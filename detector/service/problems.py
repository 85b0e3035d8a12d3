"""What went wrong, said in the words of the protocol that asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from detector.errors import ConfigError
from detector.service.checker import Overloaded, TooSlow
from detector.service.engines import Unchecked

ProblemBody = Callable[["Problem"], Any]
CODES = {400: "bad_request", 401: "unauthorised", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}


@dataclass(eq=False)
class Problem(Exception):  # noqa: N818 (the word of RFC 9457)
    """A request that gets an error for an answer."""

    status: int
    code: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)


def native_body(problem: Problem) -> dict[str, Any]:
    """Our own shape."""
    return {"schema": "detector.error/1", "error": {"code": problem.code, "message": problem.message}}


def problem_of(error: Exception) -> Problem:
    """The problem behind an error that a check raises."""
    match error:
        case Problem():
            return error
        case Overloaded():
            return Problem(429, "overloaded", str(error), {"Retry-After": str(error.retry_after)})
        case TooSlow():
            return Problem(503, "too_slow", str(error), {"Retry-After": "1"})
        case Unchecked():
            return Problem(500, "unchecked", "the post could not be checked")
        case ConfigError():
            return Problem(422, "unknown_policy", str(error))
        case HTTPException():
            return Problem(error.status_code, CODES.get(error.status_code, "error"), error.detail, error.headers or {})
    raise error


def response_for(problem: Problem, body: ProblemBody = native_body) -> Response:
    """The answer that says so."""
    return Response(msgspec.json.encode(body(problem)), problem.status, dict(problem.headers), "application/json")


def install(app: FastAPI, bodies: Mapping[str, ProblemBody]) -> None:
    """Answer every such error; `bodies` gives the shape for routes with that tag, ours holds elsewhere."""

    async def answer(request: Request, error: Exception) -> Response:
        problem = problem_of(error)
        tags = getattr(request.scope.get("route"), "tags", ())
        body = next((bodies[tag] for tag in tags if tag in bodies), native_body)
        return response_for(problem, body)

    for kind in (Problem, Overloaded, TooSlow, Unchecked, ConfigError, HTTPException):
        app.add_exception_handler(kind, answer)
