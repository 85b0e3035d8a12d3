"""Requests to the LanguageTool-compatible endpoint, and how a client reads an answer."""

from __future__ import annotations

from typing import Any

import httpx
from running_server import ADVICE, TALK, Running

TWO = f"{TALK} {ADVICE}"


def asked(server: Running, path: str = "/v2/check", **fields: str) -> httpx.Response:
    return server.client.post(path, data={"language": "en-US", **fields})


def found(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    matches: list[dict[str, Any]] = answer.json()["matches"]
    return matches


def cut(text: str, match: dict[str, Any]) -> str:
    """The words of a match, by UTF-16 code units as every client counts."""
    units = text.encode("utf-16-le")
    return units[2 * match["offset"] : 2 * (match["offset"] + match["length"])].decode("utf-16-le")
