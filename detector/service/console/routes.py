"""Every page of the console, for a service that has a store."""

from __future__ import annotations

from fastapi import APIRouter

from detector.service.console import posts, records, sign_in, users
from detector.service.console.access import access_to
from detector.service.state import Service
from detector.service.store.store import Store


def console_routes(service: Service, store: Store) -> APIRouter:
    """`/review` and what is below it."""
    access = access_to(service, store)
    router = APIRouter()
    for part in (
        posts.routes(access, store),
        records.routes(access, store),
        users.routes(access),
        sign_in.routes(access),
    ):
        router.include_router(part)
    return router
