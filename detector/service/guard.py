"""What stands before every route: limits on size, time and rate, security headers, counts and the log."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from detector.service.patience import ARRIVED
from detector.service.problems import Problem, response_for
from detector.service.rates import Rates, identity_of
from detector.service.security import HEADERS, LOOPBACK_NAMES, Keys, presented_key
from detector.service.state import Service

log = logging.getLogger("detector.service.requests")
UNROUTED = "none"
LOGGED_PATH = 200


@dataclass(slots=True)
class Exchange:
    """One request and its answer, as far as they have come."""

    scope: Scope
    receive: Receive
    send: Send
    started: float = field(default_factory=time.perf_counter)
    status: int = 0
    received: int = 0
    whole: bool = False


class Guard:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, *, service: Service) -> None:
        self._app = app
        self._limits = service.settings.limits
        self._metrics = service.metrics
        self._keys = Keys(service.settings.keys)
        self._rates = Rates(self._limits.requests_per_second, self._limits.burst)
        named = service.settings.hosts
        self._hosts = frozenset(named or (() if self._keys else LOOPBACK_NAMES))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = Exchange(scope, receive, send)
        headers = Headers(scope=scope)
        holder = self._keys.holder(presented_key(headers, scope["query_string"]))
        try:
            problem = self._objection(headers, scope, holder)
            app = self._app if problem is None else response_for(problem)
            await app(scope, self._receiving(exchange), self._sending(exchange))
        finally:
            self._note(exchange, holder)

    def _objection(self, headers: Headers, scope: Scope, holder: str | None) -> Problem | None:
        """Why the request is not even looked at."""
        if self._hosts and _host_name(headers.get("host", "")) not in self._hosts:
            return Problem(421, "misdirected", "this host name is not served")
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > self._limits.body_bytes:
            return self._too_large()
        # What engines cannot take waits in their queue, which is bounded; what the loop cannot take would wait here.
        if time.perf_counter() - scope.get(ARRIVED, float("inf")) > self._limits.lag_ms / 1000:
            return Problem(429, "overloaded", "too many requests are waiting", {"Retry-After": "1"})
        wait = self._rates.wait(identity_of(holder, scope))
        if wait:
            return Problem(429, "rate_limited", "too many requests", {"Retry-After": str(wait)})
        return None

    def _receiving(self, exchange: Exchange) -> Receive:
        async def receive() -> Message:
            if exchange.whole:
                return await exchange.receive()  # only tells when the client has gone
            left = exchange.started + self._limits.body_seconds - time.perf_counter()
            try:
                async with asyncio.timeout(max(left, 0.0)):
                    message = await exchange.receive()
            except TimeoutError:
                raise Problem(
                    408, "too_slow_a_body", "the body did not come in time", {"Connection": "close"}
                ) from None
            exchange.received += len(message.get("body", b""))
            exchange.whole = not message.get("more_body", False)
            if exchange.received > self._limits.body_bytes:
                raise self._too_large()
            return message

        return receive

    def _sending(self, exchange: Exchange) -> Send:
        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS:
                    headers.setdefault(name, value)
            await exchange.send(message)

        return send

    def _too_large(self) -> Problem:
        words = f"a body may have {self._limits.body_bytes} bytes"
        return Problem(413, "too_large", words, {"Connection": "close"})

    def _note(self, exchange: Exchange, holder: str | None) -> None:
        """Count and log; never the query, which may hold a key, nor any header or body."""
        seconds = time.perf_counter() - exchange.started
        adapter = _adapter(exchange.scope)
        status = exchange.status or 499  # the client had gone
        self._metrics.requests.labels(adapter, str(status)).inc()
        self._metrics.seconds.labels(adapter).observe(seconds)
        facts: dict[str, Any] = {
            "adapter": adapter,
            "method": exchange.scope["method"],
            "path": exchange.scope["path"][:LOGGED_PATH],
            "status": status,
            "milliseconds": round(seconds * 1000, 2),
            "bytes": exchange.received,
            "client": (exchange.scope.get("client") or ("",))[0],
            "holder": holder,
        }
        log.info("request", extra={"facts": facts})


def _adapter(scope: Scope) -> str:
    tags = getattr(scope.get("route"), "tags", None)
    return str(tags[0]) if tags else UNROUTED


def _host_name(host: str) -> str:
    """Without the port; an IPv6 address keeps its brackets."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).lower()
