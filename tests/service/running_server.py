"""A real server on a thread, on a port of its own."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import msgspec
import uvicorn

from detector.service.app import create_app
from detector.service.checker import Checker
from detector.service.running import server_config
from detector.service.settings import ServiceSettings
from detector.service.state import Service

ADVICE = "You should buy NVDA now."
TALK = "Nice weather today."
WAIT_SECONDS = 300

KEY = "a-key-for-the-tests"


@dataclass(frozen=True, slots=True)
class Running:
    """A running server: its address, a client with that base, and its innards for tests that look."""

    url: str
    client: httpx.Client
    service: Service

    def metric(self, name: str, **labels: str) -> float:
        return self.service.metrics.registry.get_sample_value(name, labels) or 0.0


@contextlib.contextmanager
def serving(checker: Checker | None = None, **settings: object) -> Iterator[Running]:
    """Serve with these settings until the block ends, then shut down as after SIGTERM."""
    chosen = msgspec.convert({"port": 0, **settings}, ServiceSettings)
    app = create_app(chosen, checker=checker)
    server = uvicorn.Server(server_config(app, chosen))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started or not thread.is_alive())
    assert server.started, "the server did not start"
    port = server.servers[0].sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    try:
        with httpx.Client(base_url=url, timeout=WAIT_SECONDS) as client:
            service: Service = app.state.service
            wait_until(lambda: service.checker.ready)
            yield Running(url, client, service)
    finally:
        server.should_exit = True
        thread.join(WAIT_SECONDS)
    assert not thread.is_alive(), "the server did not end"


def wait_until(condition: object, seconds: float = WAIT_SECONDS) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)
