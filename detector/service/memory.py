"""What the store remembers, for judging: decisions that stand, what was upheld before, and checks written down."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from detector.reports.parts.record import FindingRecord
from detector.service.metrics import Metrics
from detector.service.store.failures import database_errors
from detector.service.store.records import Action, CheckRecord, Label, content_hash
from detector.service.submission import Submission
from detector.verdict import Standing

if TYPE_CHECKING:
    from detector.service.store.store import Store

log = logging.getLogger(__name__)
WAITING = 10_000
BATCH = 256
# Made here and now, on one thread: msgspec crashes when two threads ask for the first time what a Struct is made of.
PREPARED = (msgspec.json.Decoder(tuple[Label, ...]), msgspec.json.Decoder(tuple[FindingRecord, ...]))
STANDINGS: dict[Action, Standing] = {Action.APPROVE: "approved", Action.REJECT: "rejected"}


@dataclass(frozen=True, slots=True)
class Recalled:
    """What is known of one post: the decision on exactly this text, and the author's upheld findings."""

    standing: Standing | None = None
    upheld: int = 0


class Memory:
    """Asks the store on other threads, and writes checks down in the background.

    A database that does not answer costs the memory, not the verdict: it is logged and counted, and judging goes on as
    if nothing were known.
    """

    def __init__(self, store: Store | None, metrics: Metrics) -> None:
        self._store = store
        self._metrics = metrics
        self._records: asyncio.Queue[CheckRecord] = asyncio.Queue(WAITING)
        self._writer: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write; needs a running loop."""
        if self._store is not None:
            self._writer = asyncio.create_task(self._write_all(self._store))

    async def recall(
        self, submissions: Sequence[Submission], policy_checksum: str, *, seconds: float
    ) -> list[Recalled]:
        """What is known of each, if the store says so within that time."""
        if self._store is None or not submissions:
            return [Recalled()] * len(submissions)
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.to_thread(_recall, self._store, submissions, policy_checksum)
        except TimeoutError as error:
            self._lost("recalled", len(submissions), error)
        except database_errors() as error:
            self._lost("recalled", len(submissions), error)
        return [Recalled()] * len(submissions)

    def record(self, checks: Sequence[CheckRecord]) -> None:
        """Write checks down soon; when too many wait, they are counted as lost."""
        for check in checks if self._store is not None else ():
            try:
                self._records.put_nowait(check)
            except asyncio.QueueFull:
                self._metrics.records.labels("lost").inc()

    async def written(self) -> None:
        """Wait until all that was recorded so far is in the store."""
        if self._writer is not None:
            await self._records.join()

    async def close(self, *, seconds: float) -> None:
        """Write what waits, at most so long."""
        if self._writer is None:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._records.join()
        except TimeoutError:
            log.warning("checks were not written before the end", extra={"facts": {"checks": self._records.qsize()}})
        self._writer.cancel()
        await asyncio.gather(self._writer, return_exceptions=True)

    async def _write_all(self, store: Store) -> None:
        while True:
            checks = [await self._records.get()]
            while len(checks) < BATCH and not self._records.empty():
                checks.append(self._records.get_nowait())
            try:
                await asyncio.to_thread(store.record, checks)
                self._metrics.records.labels("written").inc(len(checks))
            except database_errors() as error:
                self._lost("lost", len(checks), error)
            finally:
                for _ in checks:
                    self._records.task_done()

    def _lost(self, fate: str, number: int, error: Exception) -> None:
        log.error("the store did not answer", exc_info=error, extra={"facts": {"fate": fate, "posts": number}})
        self._metrics.records.labels("lost" if fate == "lost" else "not_recalled").inc(number)


def _recall(store: Store, submissions: Sequence[Submission], policy_checksum: str) -> list[Recalled]:
    found = []
    for each in submissions:
        decision = store.standing(content_hash(each.post), policy_checksum)
        author = each.post.author
        upheld = store.upheld(each.source, author) if author else 0
        found.append(Recalled(STANDINGS.get(decision.action) if decision else None, upheld))
    return found
