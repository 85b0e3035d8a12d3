"""The review console, or, where there is no store for it, a page that says what to set."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from detector.service.state import Service

requires: Literal["session"] = "session"


def routes(service: Service) -> APIRouter:
    """`/review` and what is below it. The console and its database library are imported only with a store."""
    if service.store is not None:
        from detector.service.console.routes import console_routes

        return console_routes(service, service.store)
    router = APIRouter(include_in_schema=False)

    @router.get("/review", response_class=HTMLResponse)
    @router.get("/review/sign-in", response_class=HTMLResponse)
    def explain() -> Response:
        from detector.service.console.rendering import page

        return page("no_store", visitor=None, status=503, title="Nothing is kept here")

    @router.get("/review/static/{name}")
    def static(name: str) -> Response:
        from detector.service.console.rendering import static_response

        return static_response(name)

    return router
