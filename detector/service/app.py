"""The application: shared state, guards, protocols and pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from detector import __version__
from detector.policy import load_policy
from detector.service.checker import Checker, start_checker
from detector.service.guard import Guard
from detector.service.health import health_routes
from detector.service.metrics import Metrics
from detector.service.mounting import mount, mounted
from detector.service.openapi import describe
from detector.service.problems import install
from detector.service.security import refuse_exposure
from detector.service.settings import ServiceSettings
from detector.service.state import Service


def create_app(settings: ServiceSettings, *, checker: Checker | None = None) -> FastAPI:
    """The ASGI application. A `checker` that is given is not closed with it. Raises `ConfigError`."""
    refuse_exposure(settings)
    policies = {name: load_policy(name) for name in dict.fromkeys((settings.policy, *settings.policies))}
    own = checker is None
    checker = checker or start_checker(policies, settings.policy, queue=settings.queue)
    service = Service(settings, checker, policies, Metrics())
    service.metrics.watch_queue(lambda: checker.waiting)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        if own:
            await checker.close(seconds=settings.queue.drain_seconds)

    app = FastAPI(title="detector", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.service = service
    app.include_router(health_routes(service))
    mount(app, service)
    install(app, {name: module.problem_body for name, module in mounted().items() if hasattr(module, "problem_body")})
    app.openapi = lambda: describe(app)  # type: ignore[method-assign] # FastAPI's own way to extend it
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors_origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "X-API-Key"],
        )
    app.add_middleware(Guard, service=service)
    return app
