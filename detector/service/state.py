"""What every protocol and page of a running service shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from detector.policy import Policy
from detector.service.checker import Checker
from detector.service.memory import Memory
from detector.service.metrics import Metrics
from detector.service.outbox import Outbox
from detector.service.settings import ServiceSettings

if TYPE_CHECKING:
    from detector.service.store.store import Store


@dataclass(frozen=True, slots=True)
class Service:
    """A running service. `store` is None when no database is configured."""

    settings: ServiceSettings
    checker: Checker
    policies: dict[str, Policy]
    metrics: Metrics
    memory: Memory
    outbox: Outbox
    store: Store | None = None
