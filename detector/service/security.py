"""Who may ask: API keys, host names, and the headers that every answer carries."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable

from fastapi import HTTPException, Request
from starlette.datastructures import Headers, QueryParams

from detector.errors import ConfigError
from detector.service.exposure import HASHED

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ("cache-control", "no-store"),
)


class Keys:
    """Finds the holder of a key in the same time whether it is nearly right or all wrong."""

    def __init__(self, keys: dict[str, str]) -> None:
        self._digests = {name: _digest(key) for name, key in keys.items()}

    def __bool__(self) -> bool:
        return bool(self._digests)

    def holder(self, presented: str) -> str | None:
        """The name of the key's holder."""
        digest = hashlib.sha256(presented.encode("utf-8", "surrogateescape")).digest()
        found = None
        for name, known in self._digests.items():
            if hmac.compare_digest(known, digest):
                found = name
        return found


def presented_key(headers: Headers, query: bytes) -> str:
    """The key of a request: `Authorization: Bearer`, `X-API-Key`, or Google's `?key=`."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    return headers.get("x-api-key") or QueryParams(query).get("key", "")


def require_key(keys: Keys) -> Callable[[Request], Awaitable[None]]:
    """A dependency that lets only holders of a key in. Without any keys, everybody on this machine is let in."""

    async def check(request: Request) -> None:
        if keys and keys.holder(presented_key(request.headers, request.scope["query_string"])) is None:
            raise HTTPException(401, "a valid API key is needed", {"WWW-Authenticate": 'Bearer realm="detector"'})

    return check


def _digest(key: str) -> bytes:
    if not key.startswith(HASHED):
        return hashlib.sha256(key.encode()).digest()
    try:
        return bytes.fromhex(key.removeprefix(HASHED))
    except ValueError as error:
        raise ConfigError("keys", "not a hex digest", "give `sha256:` and 64 hex digits") from error
