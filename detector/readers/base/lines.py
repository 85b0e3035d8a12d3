"""Lines of a byte stream, with a limit on their length, decoded strictly."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from detector.post import Rejected
from detector.readers.base.contract import Source

UNDECODED = re.compile("[\udc80-\udcff]")
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def numbered_lines(source: Source) -> Iterator[tuple[int, bytes | Rejected]]:
    """Lines in UTF-8 with their numbers from 1, line ends kept, byte order mark dropped.

    A line over the limit is a `Rejected`; reading goes on behind it.
    """
    limit = source.options.limits.record_bytes
    readline = utf8_stream(source).readline
    number = 0
    while line := readline(limit + 1):
        number += 1
        if len(line) > limit and not line.endswith(b"\n"):
            while (more := readline(limit)) and not more.endswith(b"\n"):
                pass
            cure = "split it, or raise it: --limits record_bytes=NUMBER"
            yield number, source.reject(number, f"the line is longer than {limit:,} bytes", cure=cure)
        else:
            yield number, line.removeprefix(codecs.BOM_UTF8) if number == 1 else line


def utf8_stream(source: Source) -> BinaryIO:
    """The source's bytes; UTF-16, known by its mark, is turned into UTF-8."""
    if source.sample.head[:2] not in _UTF16_MARKS:
        return source.stream
    return io.BufferedReader(_Recoded(source.stream))


class _Recoded(io.RawIOBase):
    def __init__(self, stream: BinaryIO) -> None:
        self._characters = codecs.getreader("utf-16")(stream, "replace")
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._ready:
            self._ready = self._characters.read(32768).encode("utf-8", errors="replace")
        data, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def decode_utf8(source: Source, record: int, data: bytes) -> str | Rejected:
    """Text of a record, or its quarantine with the first bad byte's place in it."""
    text = data.decode("utf-8", errors="surrogateescape")
    return not_decoded(source, record, text) or text


def not_decoded(source: Source, record: int, text: str, *, where: str = "the record") -> Rejected | None:
    """The quarantine of text that was decoded with `surrogateescape` and holds a byte that is no text."""
    if text.isascii() or not (bad := UNDECODED.search(text)):
        return None
    place = len(text[: bad.start()].encode("utf-8")) + 1
    reason = f"byte {place} of {where} (0x{ord(bad[0]) - 0xDC00:02x}) is not valid text"
    return source.reject(record, reason, cure="export it again as UTF-8")
