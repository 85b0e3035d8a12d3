"""From paths to open sources: folders, standard input, and what is inside containers."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from detector.post import Rejected
from detector.readers.base.containers import shown_name, unpack
from detector.readers.base.contract import Options, Source

STANDARD_INPUT = "-"


def open_path(path: str, options: Options) -> Iterator[Source | Rejected]:
    """Every file that `path` (a file, a folder, or `-` for standard input) stands for, one at a time.

    A source is open until the next one is asked for.
    """
    if path == STANDARD_INPUT:
        yield from unpack("<stdin>", sys.stdin.buffer, options)
    elif Path(path).is_dir():
        yield from _open_folder(path, options)
    else:
        yield from _open_file(path, options)


def _open_folder(folder: str, options: Options) -> Iterator[Source | Rejected]:
    empty = True
    for path in files_below(folder):
        empty = False
        yield from _open_file(path, options)
    if empty:
        yield Rejected(folder, None, "the folder holds no files", "name a folder with exports in it")


def files_below(folder: str) -> Iterator[str]:
    """Visible files in name order; links to folders are not followed, so there are no cycles."""
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths = (Path(here, name) for name in sorted(files) if not name.startswith("."))
        yield from (str(path) for path in paths if not _would_block(path))


def _would_block(path: Path) -> bool:
    """True for pipes, sockets and devices, which are no exports; a broken link is reported as missing."""
    return path.exists() and not path.is_file()


def _open_file(path: str, options: Options) -> Iterator[Source | Rejected]:
    shown = shown_name(path)
    try:
        stream: BinaryIO = Path(path).open("rb")  # noqa: SIM115  # closed below: the generator outlives the try
    except OSError as error:
        yield Rejected(shown, None, _plain_words(error), "check the name and your rights to read it")
        return
    with stream:
        yield from unpack(shown, stream, options)


def _plain_words(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    return (error.strerror or str(error)).lower()
