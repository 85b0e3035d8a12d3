"""What a running process takes, as Linux tells it in `/proc`."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def children(pid: int) -> list[int]:
    """The processes that it has started and that still run."""
    found = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def resident_bytes(pid: int) -> int:
    """Memory that it holds; 0 when it has ended."""
    with suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
    return 0


def processor_seconds(pid: int) -> float:
    """Processor time of its threads that run: on a busy machine, the only time that is its own."""
    return sum(_nanoseconds(pid)) / 1e9


def _nanoseconds(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with suppress(OSError):  # the thread may have ended meanwhile
            yield int(task.read_text().split()[0])
