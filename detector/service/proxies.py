"""Reverse proxies in front of the service: whose forwarded headers are believed, and who really sent a request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn._types import ASGI3Application
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

PEER = "detector.peer"


def behind_proxies(app: ASGIApp, trusted: Sequence[str]) -> ASGIApp:
    """The application, told the client's own address by trusted proxies, and always who opened the connection."""
    if trusted:
        app = cast("ASGIApp", ProxyHeadersMiddleware(cast("ASGI3Application", app), trusted_hosts=list(trusted)))

    async def remember(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope[PEER] = _host(scope)
        await app(scope, receive, send)

    return remember


def peer_of(scope: Scope) -> str:
    """The address that opened the connection: the proxy's, where there is one."""
    return str(scope.get(PEER) or _host(scope))


def _host(scope: Scope) -> str:
    return (scope.get("client") or ("",))[0]
