"""A server process around the application."""

from __future__ import annotations

import uvicorn

from detector.service.app import create_app
from detector.service.settings import ServiceSettings


def run(settings: ServiceSettings) -> None:
    """Serve until a signal, then drain."""
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        access_log=False,
        server_header=False,
        limit_concurrency=settings.limits.connections,
        timeout_graceful_shutdown=settings.queue.drain_seconds,
    )
    uvicorn.Server(config).run()
