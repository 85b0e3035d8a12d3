"""The primary record of a run, written so that a killed run can go on: nothing lost, nothing repeated."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple, Self

import msgspec

from detector.checked import Checked, Run
from detector.errors import ConfigError, InputError
from detector.manifest import write_whole
from detector.post import Origin, Post, Rejected
from detector.reports import jsonl
from detector.reports.parts.record import to_json

FINDINGS = "findings.jsonl"
REJECTED = "rejected.jsonl"
CHECKPOINT = "checkpoint.json"
SECONDS = 1.0  # between checkpoints: what a kill costs, and how often the disk is waited for


class Checkpoint(msgspec.Struct, frozen=True):
    """All that is on disk for sure: the records read for it, the last post, and the bytes written of each file.

    It stands between two batches of the engine, so that the batches after it are those of a run that never stopped.
    """

    records: int = 0
    posts: int = 0
    file: str = ""
    record: int = 0
    findings_bytes: int = 0
    rejected_bytes: int = 0
    done: bool = False


class _Place(NamedTuple):
    """Where a post stood: how many records were read up to it, and what was rejected before it."""

    records: int
    rejected_bytes: int
    origin: Origin


def read_checkpoint(folder: Path) -> Checkpoint:
    """The last checkpoint; the very start where there is none yet. Raises `InputError`."""
    path = folder / CHECKPOINT
    try:
        return msgspec.json.decode(path.read_bytes(), type=Checkpoint)
    except FileNotFoundError:
        return Checkpoint()
    except (OSError, msgspec.DecodeError) as error:
        raise InputError(str(path), f"cannot be used: {error}", "audit again into another folder") from error


class Recording:
    """Writes `findings.jsonl` and `rejected.jsonl` from a checkpoint on; what stood behind it is cut off."""

    def __init__(self, folder: Path, start: Checkpoint) -> None:
        self.folder = folder
        self.checkpoint = start
        self._start = start
        self._findings = _opened(folder / FINDINGS, start.findings_bytes)
        self._rejected = _opened(folder / REJECTED, start.rejected_bytes)
        self._places: deque[_Place] = deque()
        self._records = start.records
        self._posts = start.posts
        self._last = _Place(start.records, start.rejected_bytes, Origin(start.file, start.record))
        self._saved = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._findings.close()
        self._rejected.close()

    def posts(self, records: Iterable[Post | Rejected]) -> Iterator[Post]:
        """The posts that are still to be checked; rejected records are written on the way."""
        remaining = iter(records)
        skipped = sum(1 for _ in islice(remaining, self._start.records))
        if skipped < self._start.records:
            raise InputError(self._start.file, "holds fewer records than were read before", "audit it from the start")
        for record in remaining:
            self._records += 1
            if isinstance(record, Rejected):
                self._rejected.write(to_json(record) + b"\n")
            else:
                self._places.append(_Place(self._records, self._rejected.tell(), record.origin))
                yield record

    def write(self, batch: list[Checked], run: Run) -> None:
        """Write the next batch; now and then, set a checkpoint behind it."""
        jsonl.render(batch, run, self._findings)
        for _ in batch:
            self._last = self._places.popleft()
        self._posts += len(batch)
        if time.monotonic() - self._saved >= SECONDS:
            self._save(self._last, done=False)

    def finish(self, *, done: bool) -> None:
        """Set the last checkpoint: behind all records, or behind the last batch that was written."""
        self._rejected.flush()
        if done:
            self._save(_Place(self._records, self._rejected.tell(), self._last.origin), done=True)
        else:
            self._save(self._last, done=False)
            self._rejected.truncate(self._last.rejected_bytes)

    def _save(self, place: _Place, *, done: bool) -> None:
        for file in (self._findings, self._rejected):
            file.flush()
            os.fsync(file.fileno())
        self.checkpoint = Checkpoint(
            place.records, self._posts, place.origin.file, place.origin.record,
            self._findings.tell(), place.rejected_bytes, done,
        )  # fmt: skip
        write_whole(self.folder / CHECKPOINT, msgspec.json.encode(self.checkpoint))
        self._saved = time.monotonic()


def _opened(path: Path, length: int) -> BinaryIO:
    """The file, open for writing behind its first `length` bytes."""
    try:
        file = path.open("r+b" if path.exists() else "w+b")
    except OSError as error:
        raise ConfigError(str(path), f"cannot be written: {(error.strerror or str(error)).lower()}") from error
    if file.seek(0, os.SEEK_END) < length:
        file.close()
        raise InputError(str(path), f"is shorter than the {length:,} bytes of the checkpoint", "audit again")
    file.truncate(length)
    file.seek(length)
    return file
