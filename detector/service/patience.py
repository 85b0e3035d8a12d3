"""A connection that is closed when its next request's headers do not come in time, or never end (slow-loris)."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

ARRIVED = "detector.arrived"  # when a request's headers were there; many may be there before the first is answered
LONGEST_HEADERS = 65_536


class Patience(HttpToolsProtocol):
    """uvicorn's protocol with the limits that it lacks on the time and size of headers."""

    seconds: float = 10.0

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 (uvicorn's own)
        super().__init__(*arguments, **named)
        self._header_bytes = 0
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn does
        """Start to wait."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Count what comes before headers are whole."""
        self._header_bytes += len(data)
        super().data_received(data)
        if self._timer is not None and self._header_bytes > LONGEST_HEADERS:
            self.transport.close()

    def on_message_begin(self) -> None:
        """The first bytes of a request are here, perhaps right behind another one."""
        super().on_message_begin()
        self._wait()

    def on_headers_complete(self) -> None:
        """The headers are here."""
        self._stop()
        self.scope[ARRIVED] = time.perf_counter()  # type: ignore[literal-required] # a key of ours
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is waited for any more."""
        self._stop()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._stop()
        self._header_bytes = 0
        self._timer = self.loop.call_later(self.seconds, self.transport.close)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def patience(seconds: float) -> type[Patience]:
    """The protocol with that much time for headers."""
    return type("Patience", (Patience,), {"seconds": seconds})
