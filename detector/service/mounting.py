"""Protocols and pages, found by folder listing."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Literal, Protocol, cast

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute

from detector.service import pages, protocols
from detector.service.security import Keys, require_key
from detector.service.state import Service


class Mounted(Protocol):
    """A module in `protocols/` or `pages/`. `requires` says how its callers prove who they are: by an API key, which is
    checked here; by a signature or a session, which the module checks itself; or not at all."""

    requires: Literal["key", "signature", "session", "none"]

    def routes(self, service: Service) -> APIRouter:
        """Its routes."""


def mounted() -> dict[str, Mounted]:
    """Every protocol and page by name."""
    found = {}
    for package in (protocols, pages):
        for module in iter_modules(package.__path__):
            loaded = import_module(f"{package.__name__}.{module.name}")
            if hasattr(loaded, "routes"):
                found[module.name] = cast("Mounted", loaded)
    return found


def mount(app: FastAPI, service: Service) -> None:
    """Mount all of them."""
    by_key = [Depends(require_key(Keys(service.settings.keys)))]
    for name, module in mounted().items():
        dependencies = by_key if module.requires == "key" else []
        router = module.routes(service)
        for route in router.routes:
            if isinstance(route, APIRoute):
                route.tags = [name]  # counts, logs and the shape of errors go by it
        app.include_router(router, dependencies=dependencies)
