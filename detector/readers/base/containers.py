"""What is inside compressed files and archives, as streams, within limits.

Nothing is ever written under a member's name, so a hostile path in an archive is only a string.
"""

from __future__ import annotations

import bz2
import gzip
import io
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

import zstandard

from detector.errors import InputError
from detector.post import Rejected
from detector.readers.base.contract import Limits, Options, Sample, Source
from detector.readers.base.streams import Guarded, Meter, Replayed, UnpackedXz, size_of

SAMPLE_BYTES = 64 * 1024
BZIP2_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")
BUFFER_BYTES = 256 * 1024
COMPRESSION_SUFFIXES = (".gz", ".bz2", ".xz", ".zst", ".zstd")


def unpack(file: str, stream: BinaryIO, options: Options) -> Iterator[Source | Rejected]:
    """The plain files in `stream`: itself when it is one, else what is packed in it."""
    yield from _Unpacking(options, Meter(file, size_of(stream), options.limits)).unpack(file, stream, depth=0)


class _Unpacking:
    """One top-level file being unpacked: all that is inside shares one meter."""

    def __init__(self, options: Options, meter: Meter) -> None:
        self.options = options
        self.meter = meter

    def unpack(self, file: str, stream: BinaryIO, *, depth: int) -> Iterator[Source | Rejected]:
        """Yield what `stream` is or holds; trouble in here costs only this file."""
        try:
            sample, replayed = _take_sample(file, stream)
            yield from self._open(file, sample, replayed, depth)
        except InputError as error:
            yield Rejected(error.file, error.record, error.reason, error.cure)
        except OSError as error:
            yield Rejected(file, None, f"cannot be read: {error.strerror or error}")

    def _open(self, file: str, sample: Sample, stream: BinaryIO, depth: int) -> Iterator[Source | Rejected]:
        archive = _ARCHIVES.get(_kind(sample.head))
        decompress = _COMPRESSIONS.get(_kind(sample.head))
        if (archive or decompress) and depth >= self.options.limits.nesting:
            raise InputError(file, f"archives nested more than {depth} deep", "unpack it first")
        if decompress:
            inner = decompress(stream, self.options.limits)
            yield from self.unpack(file, self._guard(file, inner), depth=depth + 1)
        elif archive:
            for name, member in archive(file, stream, self.options.limits):
                yield from self._open_member(f"{file}/{shown_name(name)}", member, depth + 1)
        else:
            yield Source(file, stream, sample, self.options)

    def _open_member(self, file: str, member: BinaryIO | str, depth: int) -> Iterator[Source | Rejected]:
        if isinstance(member, str):
            yield Rejected(file, None, member)
        else:
            with member:
                yield from self.unpack(file, self._guard(file, member), depth=depth)

    def _guard(self, file: str, inner: BinaryIO) -> BinaryIO:
        return io.BufferedReader(Guarded(file, inner, self.meter), BUFFER_BYTES)


def _take_sample(file: str, stream: BinaryIO) -> tuple[Sample, BinaryIO]:
    """Look at the head of a stream; the stream that comes back starts at its first byte again."""
    head = b""
    while len(head) < SAMPLE_BYTES and (more := stream.read(SAMPLE_BYTES - len(head))):
        head += more
    name = file
    while name.lower().endswith(COMPRESSION_SUFFIXES):
        name = name[: name.rfind(".")]
    sample = Sample(name, head, whole=len(head) < SAMPLE_BYTES)
    if stream.seekable():
        stream.seek(0)
        return sample, stream
    return sample, io.BufferedReader(Replayed(head, stream), BUFFER_BYTES)


def _kind(head: bytes) -> str:
    if head[257:262] == b"ustar":
        return "tar"
    if head.startswith(b"BZh") and head[4:10] not in BZIP2_BLOCKS:
        return ""  # a text that begins with these letters
    return next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), "")


_Members = Iterator[tuple[str, BinaryIO | str]]


def _zip_members(file: str, stream: BinaryIO, limits: Limits) -> _Members:
    """Members of a zip file; a reason instead of a stream where one cannot be opened."""
    try:
        with seekable(file, stream, limits) as whole, zipfile.ZipFile(whole) as archive:
            _check_members(file, len(archive.infolist()), limits)
            for info in archive.infolist():
                if not info.is_dir() and not _is_hidden(info.filename):
                    yield info.filename, _open_zipped(archive, info)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise InputError(file, f"damaged zip file: {error}", "export it again") from error


def _open_zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO | str:
    try:
        return archive.open(info)  # type: ignore[return-value]  # an IO[bytes], which lacks only `__enter__`'s type
    except (RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
        return f"cannot be unpacked here: {error}"


def _tar_members(file: str, stream: BinaryIO, limits: Limits) -> _Members:
    """Files of a tar file, in one pass; a reason instead of a stream for links and devices."""
    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for count, info in enumerate(archive, 1):
                _check_members(file, count, limits)
                archive.members.clear()  # type: ignore[attr-defined]  # tarfile keeps them all otherwise
                if info.isdir() or _is_hidden(info.name):
                    continue
                member = archive.extractfile(info) if info.isfile() else None
                yield info.name, member or "a link or device, which is not followed"  # type: ignore[misc]
    except (tarfile.TarError, OSError, ValueError) as error:
        raise InputError(file, f"damaged tar file: {error}", "export it again") from error


def shown_name(name: str) -> str:
    """A file's name as it can be shown and written anywhere: no bad bytes, no control characters."""
    decoded = name.encode("utf-8", errors="surrogateescape").decode("utf-8", errors="replace")
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in decoded)


def _check_members(file: str, count: int, limits: Limits) -> None:
    if count > limits.members:
        raise InputError(
            file, f"more than {limits.members:,} files in one archive", "raise it: --limits members=NUMBER"
        )


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part == "__MACOSX" or (part.startswith(".") and part not in (".", "..")) for part in parts)


def seekable(file: str, stream: BinaryIO, limits: Limits) -> BinaryIO:
    """The stream itself, or, for formats that must jump about, a temporary copy of it."""
    if stream.seekable():
        return stream
    copy = tempfile.TemporaryFile()  # noqa: SIM115  # the caller closes it
    while block := stream.read(BUFFER_BYTES):
        if copy.tell() + len(block) > limits.expanded_bytes:
            reason = f"more than {limits.expanded_bytes:,} bytes"
            raise InputError(file, reason, "raise it: --limits expanded_bytes=NUMBER")
        copy.write(block)
    copy.seek(0)
    return copy


def _open_zstandard(stream: BinaryIO, limits: Limits) -> BinaryIO:
    context = zstandard.ZstdDecompressor(max_window_size=limits.window_bytes)
    return context.stream_reader(stream, read_across_frames=True, closefd=False)


_COMPRESSIONS: dict[str, Callable[[BinaryIO, Limits], BinaryIO]] = {
    "gzip": lambda stream, _: gzip.GzipFile(fileobj=stream),  # type: ignore[dict-item, return-value]
    "bzip2": lambda stream, _: bz2.BZ2File(stream),  # type: ignore[dict-item, return-value]
    "xz": lambda stream, limits: UnpackedXz(stream, limits.window_bytes),  # type: ignore[dict-item, return-value]
    "zstandard": _open_zstandard,
}
_ARCHIVES: dict[str, Callable[[str, BinaryIO, Limits], _Members]] = {"zip": _zip_members, "tar": _tar_members}
_MAGIC = {
    b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zstandard",
    b"PK\x03\x04": "zip", b"PK\x05\x06": "zip",
}  # fmt: skip
