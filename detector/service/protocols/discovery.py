"""The document from which Google's own clients learn how to call the Perspective protocol here."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec
from fastapi import APIRouter, Request, Response

from detector.service.bodies import json_response
from detector.service.state import Service

requires: Literal["none"] = "none"  # the shape of a protocol, and nothing else
DOCUMENT = Path(__file__).with_name("discovery.json")


def routes(_service: Service) -> APIRouter:
    """`GET /$discovery/rest`."""
    router = APIRouter()

    @router.get("/$discovery/rest", response_class=Response)
    async def discovery(request: Request) -> Response:
        """The methods of `v1alpha1`, with this service's own address."""
        here = str(request.base_url)
        return json_response(document() | {"rootUrl": here, "baseUrl": here})

    return router


@cache
def document() -> dict[str, Any]:
    """Written after the public reference of the API."""
    return msgspec.json.decode(DOCUMENT.read_bytes(), type=dict[str, Any])
