"""The engines of one policy, and the bounded queue before them."""

from __future__ import annotations

import asyncio
import logging
import math
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from detector.checked import Checked
from detector.policy import Policy
from detector.post import Post
from detector.service.engines import Engine, Unchecked
from detector.service.settings import Queue

log = logging.getLogger(__name__)
SMOOTHING = 0.1  # weight of the newest batch in the running mean of seconds per post
LONGEST_RETRY = 60

Answer = Checked | Unchecked


@dataclass(frozen=True, slots=True)
class Job:
    """A post, and where its answer goes."""

    post: Post
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Checked]


class Lane:
    """Whatever waits is checked together: a lone post at once, a crowd in batches that cost far less per post.

    Batches are taken as they stand: waiting for company would only add latency, as company comes by itself while the
    engine is busy.
    """

    def __init__(self, policy: Policy, queue: Queue, engines: Sequence[Engine]) -> None:
        self.policy = policy
        self.model_checksum = ""
        self.engines = tuple(engines)
        self._queue = queue
        self._jobs: deque[Job] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._seconds_per_post = 0.001
        self._working = 0
        self._threads = [
            threading.Thread(target=self._run, args=(engine,), name=f"lane-{policy.name}-{number}", daemon=True)
            for number, engine in enumerate(engines, 1)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def ready(self) -> bool:
        """Whether at least one engine takes posts."""
        return self._working > 0

    @property
    def waiting(self) -> int:
        """Posts that no engine has taken yet."""
        return len(self._jobs)

    def put(self, jobs: Sequence[Job]) -> bool:
        """Queue them all, or none if they do not fit."""
        with self._changed:
            if self._closed or len(self._jobs) + len(jobs) > self._queue.posts:
                return False
            self._jobs.extend(jobs)
            self._changed.notify(len(jobs))
        return True

    def seconds_behind(self) -> int:
        """Whole seconds after which the queue should have room: for `Retry-After`."""
        return min(max(1, math.ceil(self.waiting * self._seconds_per_post)), LONGEST_RETRY)

    def close(self) -> None:
        """Take no more posts; the threads end when the queue is empty."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def join(self, seconds: float) -> None:
        """Wait for the threads to end, so long together."""
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _run(self, engine: Engine) -> None:
        try:
            self.model_checksum = engine.load()
            self._count(1)
            try:
                while batch := self._take():
                    self._check(engine, batch)
            finally:
                self._count(-1)
        finally:
            engine.close()
            self._end_without_engines()

    def _count(self, change: int) -> None:
        with self._changed:
            self._working += change

    def _end_without_engines(self) -> None:
        """When the last engine has gone, nobody answers what waits, or what would come."""
        if any(thread.is_alive() for thread in self._threads if thread is not threading.current_thread()):
            return
        self.close()
        left = [self._jobs.popleft() for _ in range(len(self._jobs))]
        _tell(left, [Unchecked("the engine is gone")] * len(left))

    def _take(self) -> list[Job]:
        """The next batch: an engine's share of what waits. Empty when the lane is closed and nothing waits."""
        batch: list[Job] = []
        characters = 0
        with self._changed:
            while not batch and not (self._closed and not self._jobs):
                while not self._jobs and not self._closed:
                    self._changed.wait()
                most = min(self._queue.batch_posts, math.ceil(len(self._jobs) / max(1, self._working)))
                while self._jobs and len(batch) < most and characters < self._queue.batch_characters:
                    job = self._jobs.popleft()
                    if not job.answer.cancelled():
                        batch.append(job)
                        characters += len(job.post.text)
        return batch

    def _check(self, engine: Engine, batch: Sequence[Job]) -> None:
        started = time.perf_counter()
        try:
            _tell(batch, engine.examine([job.post for job in batch]))
        except Unchecked as error:
            if len(batch) == 1:
                _tell(batch, [error])
            else:  # one of them did it: each alone
                for job in batch:
                    self._check(engine, [job])
                return
        each = (time.perf_counter() - started) / len(batch)
        self._seconds_per_post += SMOOTHING * (each - self._seconds_per_post)


def _tell(jobs: Sequence[Job], answers: Sequence[Answer]) -> None:
    """Hand over the answers: one wake-up of each caller's loop for all of its posts."""
    for loop in {job.loop for job in jobs}:
        if not loop.is_closed():
            own = [(job, answer) for job, answer in zip(jobs, answers, strict=True) if job.loop is loop]
            loop.call_soon_threadsafe(_settle, own)


def _settle(answered: Sequence[tuple[Job, Answer]]) -> None:
    for job, answer in answered:
        if job.answer.done():
            continue
        if isinstance(answer, Unchecked):
            job.answer.set_exception(answer)
        else:
            job.answer.set_result(answer)
