"""Where an engine runs: on a thread of the server's process, or in a process of its own."""

from __future__ import annotations

import logging
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from detector.checked import Checked
from detector.errors import DetectorError
from detector.policy import Policy
from detector.post import Post

if TYPE_CHECKING:
    from detector.engine import Detector

log = logging.getLogger(__name__)
END_SECONDS = 5.0
CHILD = "detector.service.engine_process"
# Two engines that load at once meet in msgspec, which crashes the process when two threads ask for the first time what
# a Struct is made of.
_LOADING = threading.Lock()


class Unchecked(DetectorError):  # noqa: N818 (it names a state of affairs)
    """The engine failed on this post, or is gone."""


class Engine(Protocol):
    """Checks posts, one batch at a time."""

    def load(self) -> str:
        """Get ready; returns the model's checksum."""

    def examine(self, posts: Sequence[Post]) -> list[Checked]:
        """Check a batch. Raises `Unchecked`, after which it takes the next one."""

    def close(self) -> None:
        """Give up what it holds."""


class ThreadEngine:
    """An engine beside the server's loop: less memory, but the two take turns."""

    def __init__(self, policy: Policy, make: Callable[[Policy], Detector]) -> None:
        self._policy = policy
        self._make = make
        # The executor keeps whatever the engine raises, so that one bad post cannot end the lane.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"engine-{policy.name}")

    def load(self) -> str:
        """Build the engine on its thread; raises what building raises."""
        self._detector = self._thread.submit(self._load).result()
        return self._detector.model.checksum

    def examine(self, posts: Sequence[Post]) -> list[Checked]:
        """Check a batch. Raises `Unchecked`."""
        work = self._thread.submit(lambda: list(self._detector.examine(posts)))
        error = work.exception()
        if error is not None:
            log.error("the engine failed", exc_info=error, extra={"facts": {"posts": len(posts)}})
            raise Unchecked(type(error).__name__) from error
        return work.result()

    def close(self) -> None:
        """End the thread once it is done."""
        self._thread.shutdown(wait=False)

    def _load(self) -> Detector:
        with _LOADING:
            detector = self._make(self._policy)
            detector.check_text("Warm-up: buy now.")  # the first text pays for what is loaded late
            return detector


class ProcessEngine:
    """An engine in a process of its own: it takes no turns from the server's loop, and dies alone."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._process: subprocess.Popen[bytes] | None = None

    def load(self) -> str:
        """Start the process. Raises `Unchecked` when it ends before it is ready; its log says why."""
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-m", CHILD, logging.getLevelName(logging.getLogger().getEffectiveLevel())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        return str(self._ask(self._policy))

    def examine(self, posts: Sequence[Post]) -> list[Checked]:
        """Check a batch. Raises `Unchecked`; a process that has died is started anew before."""
        try:
            answer = self._ask(list(posts))
        except Unchecked:
            self.close()
            log.exception("an engine's process died and is started anew", extra={"facts": {"posts": len(posts)}})
            self.load()
            raise
        if isinstance(answer, Unchecked):
            raise answer
        checks: list[Checked] = answer
        return checks

    def close(self) -> None:
        """End the process: it ends by itself when nobody can ask any more."""
        process, self._process = self._process, None
        if process is None or process.stdin is None or process.stdout is None:
            return
        with suppress(BrokenPipeError):  # it may have ended already
            process.stdin.close()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def _ask(self, question: object) -> Any:  # noqa: ANN401 (the answer to that question)
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise Unchecked("the engine's process is closed")
        try:
            pickle.dump(question, process.stdin, pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()
            return pickle.load(process.stdout)  # noqa: S301 (what our own process wrote)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise Unchecked("the engine's process died") from error
