"""What the service tells others: a bounded queue, retries with backoff and jitter, and a count of what was given up."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detector.service.metrics import Metrics

if TYPE_CHECKING:
    import httpx

log = logging.getLogger(__name__)
SENDERS = 4
TIMEOUT_SECONDS = 10.0
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 300.0
COME_AGAIN = frozenset({408, 425, 429})
SERVER_ERROR = 500
REDIRECT = 300


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message. `headers` are made anew for each attempt, as a signature names the time of its attempt."""

    url: str
    content: bytes
    headers: Callable[[], Mapping[str, str]]


class Outbox:
    """Delivers in the background. Nothing that a receiver does slows a check down."""

    def __init__(self, metrics: Metrics, *, events: int, attempts: int, first_wait: float = FIRST_WAIT_SECONDS) -> None:
        self._metrics = metrics
        self._attempts = attempts
        self._first_wait = first_wait
        self._queue: asyncio.Queue[Delivery] = asyncio.Queue(events)
        self._senders: list[asyncio.Task[None]] = []
        self._client: httpx.AsyncClient | None = None

    def start(self) -> None:
        """Begin to send; needs a running loop."""
        self._senders = [asyncio.create_task(self._send_all()) for _ in range(SENDERS)]

    def put(self, delivery: Delivery) -> None:
        """Queue a delivery; when the queue is full, it is counted as a dead letter."""
        try:
            self._queue.put_nowait(delivery)
        except asyncio.QueueFull:
            self._count("dead_letter")

    async def close(self, *, seconds: float) -> None:
        """Send what waits, at most so long; the rest is counted as dead letters."""
        if not self._senders:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._queue.join()
        except TimeoutError:
            log.warning("events were not sent before the end", extra={"facts": {"events": self._queue.qsize()}})
        for sender in self._senders:
            sender.cancel()
        await asyncio.gather(*self._senders, return_exceptions=True)
        while not self._queue.empty():
            self._queue.get_nowait()
            self._count("dead_letter")
        if self._client is not None:
            await self._client.aclose()

    async def _send_all(self) -> None:
        while True:
            delivery = await self._queue.get()
            fate = "dead_letter"
            try:
                fate = await self._deliver(delivery)
            finally:
                self._count(fate)
                self._queue.task_done()

    async def _deliver(self, delivery: Delivery) -> str:
        for attempt in range(self._attempts):
            if attempt:
                self._count("retried")
                await asyncio.sleep(_wait(attempt, self._first_wait))
            status = await _attempt(self._connected(), delivery)
            if 0 < status < REDIRECT:
                return "delivered"
            if 0 < status < SERVER_ERROR and status not in COME_AGAIN:
                break  # the receiver will not want it later either
        log.warning("an event was given up", extra={"facts": {"status": status, "attempts": attempt + 1}})
        return "dead_letter"

    def _connected(self) -> httpx.AsyncClient:
        """The client, made for the first event: most services send none."""
        if self._client is None:
            import httpx

            self._client = httpx.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=False)
        return self._client

    def _count(self, fate: str) -> None:
        self._metrics.events.labels(fate).inc()


async def _attempt(client: httpx.AsyncClient, delivery: Delivery) -> int:
    """The receiver's status; 0 when there was no answer."""
    import httpx

    try:
        answer = await client.post(delivery.url, content=delivery.content, headers=dict(delivery.headers()))
    except httpx.HTTPError:
        return 0
    return answer.status_code


def _wait(attempt: int, first: float) -> float:
    """Exponential backoff with full jitter, so that many senders do not come back at once."""
    return random.uniform(0, min(first * 2 ** (attempt - 1), LONGEST_WAIT_SECONDS)) + first / 2  # noqa: S311
