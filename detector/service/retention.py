"""Texts whose time is over go, hour by hour, while the service runs."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from detector.service.store.failures import database_errors

if TYPE_CHECKING:
    from detector.service.store.store import Store

log = logging.getLogger(__name__)
EVERY_SECONDS = 3600.0


class Retention:
    """Purges the store at once and then again and again; nothing without a store, or if texts are kept for good."""

    def __init__(self, store: Store | None, *, every: float = EVERY_SECONDS) -> None:
        self._store = store if store is not None and store.keeping.days is not None else None
        self._every = every
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; needs a running loop."""
        if self._store is not None:
            self._task = asyncio.create_task(self._purge_again(self._store))

    async def close(self) -> None:
        """Stop; a purge that runs is all or nothing."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _purge_again(self, store: Store) -> None:
        while True:
            try:
                removed = await asyncio.to_thread(store.purge)
            except database_errors():
                log.exception("texts whose time is over could not be removed")
            else:
                if removed:
                    log.info("texts removed", extra={"facts": {"posts": removed}})
            await asyncio.sleep(self._every)
