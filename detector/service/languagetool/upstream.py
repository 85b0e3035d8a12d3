"""A real LanguageTool server behind ours: its matches are put beside ours, so that nobody loses the spelling check."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    import httpx

LARGEST = 8 * 1024 * 1024
PATH = "check"


class UpstreamError(Exception):
    """No usable answer; the message is for `warnings.incompleteResultsReason`."""


@dataclass(frozen=True, slots=True)
class Upstream:
    """A server by the URL of its API, with `/v2`; `timeout` in seconds, for everything together."""

    url: str
    timeout: float

    async def check(self, parameters: Mapping[str, str]) -> dict[str, Any]:
        """Its answer to the same question. Raises `UpstreamError`."""
        answer: dict[str, Any] = await self._answer("POST", PATH, data=dict(parameters), expected=dict)
        return answer

    async def languages(self) -> list[Any]:
        """Its languages. Raises `UpstreamError`."""
        known: list[Any] = await self._answer("GET", "languages", expected=list)
        return known

    async def _answer(self, method: str, path: str, *, expected: type, data: dict[str, str] | None = None) -> Any:  # noqa: ANN401
        import httpx  # most services have no such server behind them

        try:
            async with (
                asyncio.timeout(self.timeout),  # httpx counts each step alone
                httpx.AsyncClient(timeout=self.timeout, trust_env=False, follow_redirects=False) as client,
                client.stream(method, f"{self.url.rstrip('/')}/{path}", data=data) as response,
            ):
                content = await _limited(response)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise UpstreamError(f"the LanguageTool server behind gave no answer ({type(error).__name__})") from error
        if response.status_code != httpx.codes.OK:
            raise UpstreamError(f"the LanguageTool server behind said {response.status_code}")
        return _decoded(content, expected)


async def _limited(response: httpx.Response) -> bytes:
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > LARGEST:
            raise UpstreamError("the LanguageTool server behind answered too much")
    return bytes(content)


def _decoded(content: bytes, expected: type) -> Any:  # noqa: ANN401
    try:
        decoded = msgspec.json.decode(content)
    except msgspec.DecodeError as error:
        raise UpstreamError("the LanguageTool server behind answered no JSON") from error
    if not isinstance(decoded, expected):
        raise UpstreamError("the LanguageTool server behind answered something else")
    return decoded


def usable_matches(answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The matches that have a place; one that has none would break clients."""
    found = answer.get("matches")
    for match in found if isinstance(found, list) else ():
        if isinstance(match, dict) and isinstance(match.get("offset"), int) and isinstance(match.get("length"), int):
            yield match
