"""A page to write on, checked while one types; and the script behind it, for other sites to use."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from detector.service.problems import Problem
from detector.service.state import Service

requires: Literal["none"] = "none"  # nothing here but words and scripts of ours; checks themselves ask for the key
WEB = Path(__file__).resolve().parents[2] / "web"
TEMPLATE = Path(__file__).with_name("compose.html.j2")
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
FRESH_SECONDS = 600
# Pages of other sites may load the script: it is the same for everybody.
SHARED = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": f"public, max-age={FRESH_SECONDS}",
}


class Asset(NamedTuple):
    """A file as it is sent."""

    content: bytes
    media_type: str
    etag: str


@cache
def assets() -> dict[str, Asset]:
    """Every file of `detector/web` by name: only these can be asked for, so that no path leads elsewhere."""
    found = {}
    for path in sorted(WEB.iterdir()):
        if path.suffix in TYPES:
            content = path.read_bytes()
            found[path.name] = Asset(content, TYPES[path.suffix], f'"{hashlib.sha256(content).hexdigest()[:32]}"')
    return found


def routes(service: Service) -> APIRouter:
    """`/compose` and `/web/…`."""
    router = APIRouter()
    content = cache(lambda: _page(service))

    @router.get("/compose", response_class=HTMLResponse, include_in_schema=False)
    def compose() -> HTMLResponse:
        """The page."""
        return HTMLResponse(content())

    @router.get("/web/{name}", response_class=Response, include_in_schema=False)
    async def web(request: Request, name: str) -> Response:
        """One file of the browser's script."""
        asset = assets().get(name)
        if asset is None:
            raise Problem(404, "not_found", "no such file")
        headers = {**SHARED, "ETag": asset.etag}
        if request.headers.get("if-none-match") == asset.etag:
            return Response(status_code=304, headers=headers)
        return Response(asset.content, headers=headers, media_type=asset.media_type)

    return router


def _page(service: Service) -> str:
    from jinja2 import Environment, StrictUndefined

    page = Environment(autoescape=True, undefined=StrictUndefined).from_string(TEMPLATE.read_text(encoding="utf-8"))
    return page.render(
        policies=[(key, policy.name, policy.description) for key, policy in service.policies.items()],
        chosen=service.settings.native.policy or service.settings.policy,
        asks_for_key=bool(service.settings.keys),
    )
