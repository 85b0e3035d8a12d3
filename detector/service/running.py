"""A server process around the application."""

from __future__ import annotations

import sys

import uvicorn
from fastapi import FastAPI

from detector.service.app import create_app
from detector.service.checker import Checker
from detector.service.patience import patience
from detector.service.proxies import behind_proxies
from detector.service.settings import ServiceSettings

# The engine's thread and the loop's share one lock; with Python's 5 ms between turns, the loop would wait through
# several turns for each request.
TURN_SECONDS = 0.0005
KEEP_ALIVE_SECONDS = 30


def run(settings: ServiceSettings, checker: Checker) -> None:
    """Serve until SIGTERM or SIGINT, then take no more, finish what runs, end the checker, and end."""
    sys.setswitchinterval(TURN_SECONDS)
    uvicorn.Server(server_config(create_app(settings, checker=checker, own=True), settings)).run()


def server_config(app: FastAPI, settings: ServiceSettings) -> uvicorn.Config:
    """How uvicorn runs the application."""
    return uvicorn.Config(
        behind_proxies(app, settings.trusted_proxies),
        host=settings.host,
        port=settings.port,
        http=patience(settings.limits.body_seconds),
        loop="uvloop" if sys.platform != "win32" else "asyncio",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # `behind_proxies` does it
        limit_concurrency=settings.limits.connections,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=settings.queue.drain_seconds,
        backlog=4_096,
    )
