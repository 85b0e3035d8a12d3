"""Work spread over processes: results in order, memory bounded, no process left behind."""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from threading import Thread
from time import sleep
from typing import TypeVar

AHEAD = 2  # items for each worker: one in work, one waiting
IDLE_SECONDS = 600  # how long a worker waits for the next item before it lets its memory go
PARENT_SECONDS = 2  # how often it looks whether anybody still waits for it
GARBAGE_OBJECTS, GARBAGE_ROUNDS = 20_000, 20  # objects made since the last look for garbage; looks of one kind

Item = TypeVar("Item")
Result = TypeVar("Result")


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def settle() -> None:
    """Say that what stands now stays until the process ends: for processes that do nothing but check posts.

    Looking through it for garbage again and again costs a tenth of the time; looking rarer, a twentieth. Products of
    matrices keep to one thread from here on.
    """
    from threadpoolctl import threadpool_limits  # needs NumPy's libraries loaded, so that a light door stays without

    gc.freeze()
    gc.set_threshold(GARBAGE_OBJECTS, GARBAGE_ROUNDS, GARBAGE_ROUNDS)
    threadpool_limits(1, user_api="blas")


def in_processes(
    work: Callable[[Item], Result], items: Iterable[Item], *, workers: int
) -> Iterator[tuple[Item, Result]]:
    """Every item with its result, in the order of the items; an item is read only when a result has been taken.

    `work` has to be picklable. `joblib.Parallel(return_as="generator")` reads on however slow its consumer is, so that
    results pile up.
    """
    from joblib.externals.loky import get_reusable_executor  # a fifth of the time that one check takes to start

    pending: deque[tuple[Item, Future[Result]]] = deque()
    executor = get_reusable_executor(
        max_workers=workers, timeout=IDLE_SECONDS, initializer=_serve, initargs=(os.getpid(),)
    )
    try:
        for item in items:
            pending.append((item, executor.submit(work, item)))
            if len(pending) > AHEAD * workers:
                yield _finished(*pending.popleft())
        while pending:
            yield _finished(*pending.popleft())
    finally:
        for _, future in pending:
            future.cancel()


def _finished(item: Item, future: Future[Result]) -> tuple[Item, Result]:
    return item, future.result()


def _serve(parent: int) -> None:
    """Prepare a worker process: Ctrl-C is not for it, and it must not outlive a parent that was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        sleep(PARENT_SECONDS)
    os._exit(1)
