"""One engine on one thread, and the bounded queue before it."""

from __future__ import annotations

import asyncio
import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from detector.checked import Checked
from detector.engine import Detector
from detector.errors import DetectorError
from detector.policy import Policy
from detector.post import Post
from detector.service.settings import Queue

log = logging.getLogger(__name__)
SMOOTHING = 0.1  # weight of the newest batch in the running mean of seconds per post
LONGEST_RETRY = 60
LOADING = threading.Lock()  # spaCy's modules are not made to be imported by several threads at once


class Unchecked(DetectorError):  # noqa: N818 (it names a state of affairs)
    """The engine failed on this post, or is gone."""


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

    def __init__(self, policy: Policy, queue: Queue, engine: Callable[[Policy], Detector]) -> None:
        self.policy = policy
        self.ready = False
        self.model_checksum = ""
        self._queue = queue
        self._jobs: deque[Job] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._seconds_per_post = 0.001
        # The executor keeps whatever the engine raises, so that one bad post cannot end the lane.
        self._engine = ThreadPoolExecutor(1, thread_name_prefix=f"engine-{policy.name}")
        self._thread = threading.Thread(target=self._run, args=(engine,), name=f"lane-{policy.name}", daemon=True)
        self._thread.start()

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
            self._changed.notify()
        return True

    def seconds_behind(self) -> int:
        """Whole seconds after which the queue should have room: for `Retry-After`."""
        return min(max(1, math.ceil(self.waiting * self._seconds_per_post)), LONGEST_RETRY)

    def close(self) -> None:
        """Take no more posts; the thread ends when the queue is empty."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def join(self, seconds: float) -> None:
        """Wait for the thread to end."""
        self._thread.join(seconds)

    def _run(self, engine: Callable[[Policy], Detector]) -> None:
        try:
            detector = self._engine.submit(_loaded, engine, self.policy).result()
            self.model_checksum = detector.model.checksum
            self.ready = True
            while batch := self._take():
                self._check(detector, batch)
        finally:
            self.ready = False
            self.close()
            self._engine.shutdown(wait=False)
            _tell(self._jobs, [Unchecked("the engine is gone")] * len(self._jobs))

    def _take(self) -> list[Job]:
        """The next batch; empty when the lane is closed and nothing waits."""
        batch: list[Job] = []
        characters = 0
        with self._changed:
            while not batch and not (self._closed and not self._jobs):
                while not self._jobs and not self._closed:
                    self._changed.wait()
                while self._jobs and len(batch) < self._queue.batch_posts and characters < self._queue.batch_characters:
                    job = self._jobs.popleft()
                    if not job.answer.cancelled():
                        batch.append(job)
                        characters += len(job.post.text)
        return batch

    def _check(self, detector: Detector, batch: Sequence[Job]) -> None:
        started = time.perf_counter()
        work = self._engine.submit(_examined, detector, [job.post for job in batch])
        error = work.exception()
        if error is None:
            _tell(batch, work.result())
        elif len(batch) > 1:
            for job in batch:
                self._check(detector, [job])
        else:
            log.error("the engine failed on a post", exc_info=error)
            _tell(batch, [Unchecked(type(error).__name__)])
        each = (time.perf_counter() - started) / len(batch)
        self._seconds_per_post += SMOOTHING * (each - self._seconds_per_post)


def _loaded(engine: Callable[[Policy], Detector], policy: Policy) -> Detector:
    with LOADING:
        detector = engine(policy)
        detector.check_text("Warm-up: buy now.")  # the first text pays for what is loaded late
    return detector


def _examined(detector: Detector, posts: list[Post]) -> list[Checked]:
    return list(detector.examine(posts))


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
