"""Byte streams with a guard: what a decompressor gives is metered, and its errors become ours."""

from __future__ import annotations

import io
import lzma
import os
import stat
import tarfile
import zipfile
import zlib
from typing import BinaryIO, SupportsIndex

import zstandard

from detector.errors import InputError
from detector.readers.base.contract import Limits

_DAMAGE = (
    OSError, EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError, zipfile.BadZipFile, tarfile.TarError,
    NotImplementedError, RuntimeError,
)  # fmt: skip


def size_of(stream: BinaryIO) -> int | None:
    """Bytes in the file behind a stream; None when it is no regular file (a pipe, bytes in memory)."""
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


class Meter:
    """Counts what one file grows to when unpacked, and stops a decompression bomb."""

    def __init__(self, file: str, size: int | None, limits: Limits) -> None:
        self.file = file
        self.expanded = 0
        self.allowed = limits.expanded_bytes
        if size is not None:
            self.allowed = min(self.allowed, max(limits.expansion_free, limits.expansion * size))

    def grow(self, count: int) -> None:
        """Note `count` more unpacked bytes."""
        self.expanded += count
        if self.expanded > self.allowed:
            reason = f"unpacks to more than {self.allowed:,} bytes, like a decompression bomb"
            raise InputError(
                self.file, reason, "if it is genuine, unpack it first or raise it: --limits expansion=NUMBER"
            )


class Guarded(io.RawIOBase):
    """A decompressor's stream, metered; damage is an `InputError` that says how far it got."""

    def __init__(self, file: str, inner: BinaryIO, meter: Meter) -> None:
        self._file = file
        self._read = getattr(inner, "read1", inner.read)  # `read` would lose what precedes the damage
        self._meter = meter
        self._count = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill `buffer` as far as the decompressor goes in one step."""
        try:
            data = self._read(len(buffer))
        except _DAMAGE as error:
            words = str(error) or type(error).__name__
            reason = f"damaged after {self._count:,} unpacked bytes: {words}"
            raise InputError(self._file, reason, "export or download it again") from error
        self._count += len(data)
        self._meter.grow(len(data))
        buffer[: len(data)] = data
        return len(data)


class Replayed(io.RawIOBase):
    """A stream whose head was already taken: gives the head again, then the rest."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill `buffer` from the head while it lasts."""
        if self._head:
            data, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        else:
            data = self._rest.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class UnpackedXz(io.RawIOBase):
    """An xz stream with a limit on memory, which `lzma.LZMAFile` does not offer."""

    def __init__(self, stream: BinaryIO, memory: int) -> None:
        self._stream = stream
        self._memory = memory
        self._decompressor = lzma.LZMADecompressor(memlimit=memory)

    def read(self, size: SupportsIndex | None = -1, /) -> bytes:
        """At most `size` unpacked bytes; empty at the end."""
        wanted = -1 if size is None else int(size)
        while True:
            if self._decompressor.eof:
                rest = (self._decompressor.unused_data or self._stream.read(65536)).lstrip(b"\0")
                if not rest:
                    return b""
                self._decompressor = lzma.LZMADecompressor(memlimit=self._memory)
            elif self._decompressor.needs_input:
                rest = self._stream.read(65536)
                if not rest:
                    raise EOFError("the file ends before its end marker")
            else:
                rest = b""
            if data := self._decompressor.decompress(rest, wanted):
                return data
