"""Ctrl-C that ends a run between two writes, so that what was written is whole."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Self, TypeVar

T = TypeVar("T")


class Interruption:
    """While it is entered, Ctrl-C ends the streams that `watch` passes on, and nothing else; a second one kills.

    The stream is cut at once while its next item is being made (a worker or a terminal may never answer),
    but only before the next item while the last one is being written.
    """

    def __init__(self) -> None:
        self.asked = False
        self._making = False

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, self._before)

    def watch(self, stream: Iterable[T]) -> Iterator[T]:
        """The stream, until Ctrl-C."""
        items = iter(stream)
        while not self.asked:
            try:
                self._making = True
                item = next(items)
                self._making = False
            except (StopIteration, KeyboardInterrupt):
                return
            finally:
                self._making = False
            yield item

    def _ask(self, signum: int, frame: FrameType | None) -> None:
        self.asked = True
        signal.signal(signal.SIGINT, self._before)
        if self._making:
            signal.default_int_handler(signum, frame)
