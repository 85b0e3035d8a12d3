"""Answers already given, by the caller's own id, so that a repeated delivery changes nothing."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

SECONDS = 600.0  # twice the tolerance of Standard Webhooks: what is older is refused by its timestamp
KEPT = 10_000


class Seen:
    """Bounded in time and number."""

    def __init__(self, *, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._answers: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    def answer(self, identity: str) -> bytes | None:
        """What was answered to it."""
        found = self._answers.get(identity)
        return found[1] if found is not None and self._clock() - found[0] < self._seconds else None

    def keep(self, identity: str, answer: bytes) -> None:
        """Remember it; the oldest are forgotten."""
        self._answers[identity] = (self._clock(), answer)
        self._answers.move_to_end(identity)
        while len(self._answers) > KEPT:
            self._answers.popitem(last=False)
