"""Token buckets for each key or address, in bounded memory."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.types import Scope

KEPT = 50_000
IPV6_NETWORK = 64  # one household or server; single addresses cost an attacker nothing


class Rates:
    """How long each client has to wait before its next request. A rate of 0 means no limit.

    The clients longest unheard of are forgotten, which gives them a full bucket: with `KEPT` clients at once the limit
    for each of them is no longer what keeps the service alive; the queue is.
    """

    def __init__(self, per_second: float, burst: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, identity: str) -> int:
        """Take a token: 0. Without one: whole seconds until there is one."""
        if not self._per_second:
            return 0
        now = self._clock()
        tokens, then = self._buckets.pop(identity, (float(self._burst), now))
        tokens = min(float(self._burst), tokens + (now - then) * self._per_second)
        allowed = tokens >= 1
        self._buckets[identity] = (tokens - allowed, now)
        if len(self._buckets) > KEPT:
            self._buckets.popitem(last=False)
        return 0 if allowed else math.ceil((1 - tokens) / self._per_second)


def identity_of(holder: str | None, scope: Scope) -> str:
    """Whose bucket it is: the key's holder, else the address (a whole /64 for IPv6)."""
    if holder is not None:
        return f"key {holder}"
    address = (scope.get("client") or ("",))[0]
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    return str(ipaddress.ip_network((parsed, IPV6_NETWORK), strict=False))
