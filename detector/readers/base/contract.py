"""The contract of a reader: what it is given, and what it gives back.

A reader is a module `detector/readers/<name>.py`; `<name>` is what users write after `--format`. It has
a docstring that says what it reads, and two functions:

    def recognises(sample: Sample) -> Recognition    # look at the file's head only
    def read(source: Source) -> Iterator[Post | Rejected]    # stream; one Post or Rejected per record

A record that cannot be read is a `Rejected`; `InputError` means that the rest of the file cannot be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import BinaryIO, Protocol

from detector.post import Origin, Post, Rejected

MEBIBYTE = 1024 * 1024


class Recognition(IntEnum):
    """How sure a reader is that a file is its own; the surest reader gets it."""

    NO = 0
    GENERIC = 1
    CERTAIN = 2


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reader takes before it refuses; what is over goes to quarantine. Sizes are in bytes.

    On the command line: `--limits record_bytes=64M,members=1000`.
    """

    record_bytes: int = 16 * MEBIBYTE
    """The longest record: a line, a table row, a JSON object, a page."""
    expansion: int = 250
    """How many times its own size a compressed file may grow to (small files: see `expansion_free`)."""
    expansion_free: int = 64 * MEBIBYTE
    """Growth up to this size is never questioned."""
    expanded_bytes: int = MEBIBYTE * MEBIBYTE
    """The most that one compressed file, or stream of unknown size, may grow to."""
    window_bytes: int = 2**31
    """Memory for a decompression window; Reddit dumps need all of it."""
    members: int = 100_000
    """Files in one archive."""
    nesting: int = 4
    """Archives within archives (a `.tar.gz` counts as two)."""
    rejections: int = 100_000
    """Records in a row that cannot be read; after them the rest of the file is given up, which is said."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for."""

    limits: Limits = field(default_factory=Limits)
    field_map: Mapping[str, str] = field(default_factory=dict)
    private_messages: bool = False


@dataclass(frozen=True)
class Sample:
    """The head of a file: all that recognition may look at."""

    file: str
    head: bytes
    whole: bool

    @cached_property
    def text(self) -> str:
        """The head as text; a character cut at its end is dropped, bad bytes become U+FFFD."""
        encoding = "utf-16" if self.head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        text = self.head.decode(encoding, errors="replace")
        return text if self.whole else text.rstrip("\ufffd")

    @cached_property
    def is_text(self) -> bool:
        """False for binary files: more than one character in 50 is a control character."""
        return sum(map(self.text.count, _CONTROLS)) * 50 <= len(self.text)

    @property
    def suffix(self) -> str:
        """The last part of the file name, lower case: `.csv`."""
        name = self.file.rpartition("/")[2].lower()
        return name[name.rfind(".") :] if "." in name else ""


_CONTROLS = [chr(code) for code in range(32) if chr(code) not in "\t\n\r\f\x1b"]


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read, from its first byte: `file` is the name to show, `format` the reader's name."""

    file: str
    stream: BinaryIO
    sample: Sample
    options: Options
    format: str = ""

    @property
    def stem(self) -> str:
        """The file's name without folders and endings: the start of ids that the export does not give."""
        return self.file.rpartition("/")[2].partition(".")[0] or "post"

    def origin(self, record: int) -> Origin:
        """Where record `record` (1-based) came from."""
        return Origin(self.file, record, self.format)

    def reject(self, record: int | None, reason: str, *, cure: str = "", left_out: bool = False) -> Rejected:
        """Quarantine one record, or with None the whole file."""
        return Rejected(self.file, record, reason, cure, left_out)


class Reader(Protocol):
    """A module that keeps the contract above."""

    def recognises(self, sample: Sample) -> Recognition:
        """Say how surely the file is of this format."""

    def read(self, source: Source) -> Iterator[Post | Rejected]:
        """Stream the file's posts."""
