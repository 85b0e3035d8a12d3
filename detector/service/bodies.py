"""JSON in and out: typed, bounded, and described in the OpenAPI document."""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec
from fastapi import Request, Response

from detector.reports.parts.record import to_json
from detector.service.problems import Problem
from detector.service.settings import Limits

T = TypeVar("T")
JSON = "application/json"
STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+"')
BRACKETS = re.compile(rb"[][{}]")
OPENING = b"[{"


async def read_json(request: Request, body_type: type[T], limits: Limits) -> T:
    """The body as `body_type`. Raises `Problem`: 415, 400 (not JSON, too deep), 422 (not the expected shape)."""
    refuse_other_types(request)
    return decode_json(await request.body(), body_type, limits)


def refuse_other_types(request: Request) -> None:
    """Raise `Problem` unless the body says that it is JSON: a form that another site sends cannot say so."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != JSON:
        raise Problem(415, "unsupported_media_type", f"send {JSON}")


def decode_json(body: bytes, body_type: type[T], limits: Limits) -> T:
    """The same for bytes that were read already."""
    if too_deep(body, limits.depth):
        raise Problem(400, "too_deep", f"nested deeper than {limits.depth}")
    try:
        return msgspec.json.decode(body, type=body_type)
    except msgspec.ValidationError as error:
        raise Problem(422, "invalid", str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Problem(400, "not_json", "the body is not JSON in UTF-8") from None


def too_deep(body: bytes, depth: int) -> bool:
    """Whether arrays and objects nest deeper than that; brackets in strings do not count."""
    if body.count(b"[") + body.count(b"{") <= depth:
        return False
    level = 0
    for bracket in BRACKETS.findall(STRINGS.sub(b"", body)):
        level += 1 if bracket in OPENING else -1
        if level > depth:
            return True
    return False


def json_response(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """The value as JSON."""
    return Response(to_json(value), status, headers, JSON)
