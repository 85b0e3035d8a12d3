"""Templates to pages: the environment, what every page is given, and errors that look like pages too."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException

from detector.errors import ConfigError
from detector.kinds import KIND_WORDS, TARGET_WORDS
from detector.reports.parts import words
from detector.service.console.access import COOKIE, PATH, Visitor
from detector.service.console.missed import MISSABLE, ROWS
from detector.service.problems import Problem
from detector.service.store.queue import Wanted

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
ACTION_WORDS = {
    "approve": "approved",
    "reject": "rejected",
    "wrong_span": "corrected: wrong span",
    "wrong_kind": "corrected: wrong kind",
    "undo": "reopened",
    "account": "accounts changed",
    "purge": "old texts removed",
}
VERDICT_WORDS = {"allow": "let through", "nudge": "author nudged", "review": "held for review", "block": "blocked"}
FRESH = {"Cache-Control": "public, max-age=31536000, immutable"}  # the address changes with the file
MINUTE, HOUR, DAY = 60, 3600, 86_400


def page(template: str, /, *, visitor: Visitor | None, status: int = 200, **content: object) -> HTMLResponse:
    """A template as a page."""
    rendered = _environment().get_template(f"{template}.html.j2").render(visitor=visitor, **content)
    return HTMLResponse(rendered.encode("utf-8", "replace"), status)


def query(wanted: Wanted, **changes: object) -> str:
    """The part of an address that asks for a list: what differs from its defaults."""
    asked = {name: getattr(wanted, name) for name in Wanted.__slots__} | changes
    usual = Wanted()
    chosen = {name: value for name, value in asked.items() if value and value != getattr(usual, name, None)}
    return f"?{urlencode(chosen)}" if chosen else ""


def ago(moment: str) -> str:
    """How long ago a stored time was, in its largest unit."""
    seconds = (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()
    for unit, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if seconds >= unit:
            return f"{seconds / unit:.0f} {name} ago"
    return "just now"


def exact(moment: str) -> str:
    """A stored time for people."""
    return f"{datetime.fromisoformat(moment):%d %b %Y, %H:%M} UTC".lstrip("0")


@cache
def static_file(name: str) -> tuple[bytes, str] | None:
    """A file that pages load: its bytes and media type. Only names that are there, so that no path leads elsewhere."""
    known = {path.name: path for path in STATIC.iterdir() if path.suffix in TYPES}
    path = known.get(name)
    return None if path is None else (path.read_bytes(), TYPES[path.suffix])


def static_response(name: str) -> Response:
    """The file as an answer. Raises `Problem`."""
    found = static_file(name)
    if found is None:
        raise Problem(404, "not_found", "There is no such file.")
    return Response(found[0], media_type=found[1], headers=FRESH)


def static_address(name: str) -> str:
    """Its address, which changes when it does."""
    found = static_file(name)
    digest = hashlib.sha256(found[0]).hexdigest()[:12] if found else ""
    return f"{PATH}/static/{name}?v={digest}"


class PageRoute(APIRoute):
    """A route whose errors are pages, and which sets the cookie of a session that began on the way."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler that FastAPI makes."""
        handle = super().get_route_handler()

        async def handle_as_page(request: Request) -> Response:
            try:
                response = await handle(request)
            except Problem as problem:
                response = _error_page(problem.status, problem.message, problem.headers.get("Location"))
            except ConfigError as error:
                response = _error_page(422, str(error))
            except RequestValidationError:
                response = _error_page(422, "There is something in this address or form that cannot be.")
            except HTTPException as error:
                response = _error_page(error.status_code, error.detail)
            if token := getattr(request.state, "token", None):
                set_session(response, request, token)
            return response

        return handle_as_page


def page_router() -> APIRouter:
    """A router for pages, which no API description lists."""
    return APIRouter(prefix=PATH, route_class=PageRoute, include_in_schema=False)


def set_session(response: Response, request: Request, token: str) -> None:
    """The session's cookie: not for scripts, other sites or the rest of the service; over TLS where there is any."""
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, token, path=PATH, httponly=True, samesite="lax", secure=secure)


def _error_page(status: int, message: str, location: str | None = None) -> Response:
    response = page("error", visitor=None, status=status, message=message, title="That did not work")
    if location:
        response.headers["Location"] = location
    return response


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "ago": ago,
        "exact": exact,
        "counted": words.counted,
        "percent": words.probability,
        "kind_label": words.kind_label,
    }
    environment.globals |= {
        "static": static_address,
        "query": query,
        "base": PATH,
        "kinds": KIND_WORDS,
        "targets": TARGET_WORDS,
        "missable": MISSABLE,
        "missed_rows": ROWS,
        "action_words": ACTION_WORDS,
        "verdict_words": VERDICT_WORDS,
        "default": Wanted(),
    }
    return environment
