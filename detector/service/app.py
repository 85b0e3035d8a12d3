"""The application: shared state, guards, protocols and pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from detector import __version__
from detector.service.checker import Checker, checker_for
from detector.service.exposure import refuse_exposure
from detector.service.guard import Guard
from detector.service.health import health_routes
from detector.service.memory import Memory
from detector.service.metrics import Metrics
from detector.service.mounting import mount, mounted
from detector.service.openapi import describe
from detector.service.outbox import Outbox
from detector.service.problems import install
from detector.service.retention import Retention
from detector.service.settings import ServiceSettings
from detector.service.settings import Store as StoreSettings
from detector.service.state import Service

if TYPE_CHECKING:
    from detector.service.store.store import Store


def create_app(settings: ServiceSettings, *, checker: Checker | None = None, own: bool = False) -> FastAPI:
    """The ASGI application. A `checker` that is given is closed with it if it is its `own`. Raises `ConfigError`."""
    refuse_exposure(settings)
    own = own or checker is None
    checker = checker or checker_for(settings)
    service = _service(settings, checker)
    retention = Retention(service.store)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        service.memory.start()
        retention.start()
        service.outbox.start()
        yield
        await retention.close()
        await _close(service, own=own)

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


def _service(settings: ServiceSettings, checker: Checker) -> Service:
    metrics = Metrics()
    metrics.watch_queue(lambda: checker.waiting)
    hooks = settings.standard_webhooks
    store = _store(settings.store) if settings.store.url else None
    return Service(
        settings,
        checker,
        {name: lane.policy for name, lane in checker.lanes.items() if name in settings.served},
        metrics,
        Memory(store, metrics),
        Outbox(metrics, events=hooks.queue_events, attempts=hooks.attempts, first_wait=hooks.first_wait_seconds),
        store,
    )


def _store(kept: StoreSettings) -> Store:
    from detector.service.store.store import Store  # and with it SQLAlchemy and Alembic: half a second

    return Store.open(kept.url, keep_text=kept.keep_text, retention_days=kept.retention_days)


async def _close(service: Service, *, own: bool) -> None:
    """Finish what was begun: posts first, as they make records and events."""
    seconds = service.settings.queue.drain_seconds
    if own:
        await service.checker.close(seconds=seconds)
    await service.memory.close(seconds=seconds)
    await service.outbox.close(seconds=seconds)
    if service.store is not None:
        service.store.close()
