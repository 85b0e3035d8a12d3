"""Readers: from exports to posts. To add a format, add one file here: `base/contract.py` says how."""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from mimetypes import guess_type
from typing import cast

from detector.errors import ConfigError, InputError
from detector.post import Post, Rejected
from detector.readers.base.contract import Limits, Options, Reader, Recognition, Source
from detector.readers.base.fields import check_field_map
from detector.readers.base.opening import open_path

__all__ = ["Limits", "Post", "Rejected", "format_names", "read"]


def read(
    paths: Iterable[str | os.PathLike[str]],
    *,
    format_name: str | None = None,
    field_map: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    private_messages: bool = False,
) -> Iterator[Post | Rejected]:
    """Stream the posts of files, folders, archives and (`-`) standard input, in order.

    Every record becomes exactly one `Post` or one `Rejected`; trouble with one file never loses
    another. `field_map` names columns of generic formats, as in `{"text": "body"}`. Raises
    `ConfigError` at once for an unknown format or field.
    """
    if format_name is not None:
        _check_format(format_name)
    options = Options(limits or Limits(), field_map or {}, private_messages)
    check_field_map(options.field_map)
    return _read_all([os.fspath(path) for path in paths], format_name, options)


@cache
def format_names() -> tuple[str, ...]:
    """The formats that can be read: the modules of this folder."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.ispkg))


def _check_format(name: str) -> None:
    if name not in format_names():
        close = get_close_matches(name, format_names(), 1)
        hint = f"did you mean {close[0]}? " if close else ""
        cure = f"{hint}formats: {', '.join(format_names())}"
        raise ConfigError("--format", f"unknown format {name!r}", cure)


def _reader(name: str) -> Reader:
    return cast("Reader", importlib.import_module(f"{__name__}.{name}"))


def _read_all(paths: Iterable[str], format_name: str | None, options: Options) -> Iterator[Post | Rejected]:
    for path in paths:
        for source in open_path(path, options):
            if isinstance(source, Rejected):
                yield source
            else:
                yield from _read_source(source, format_name)


def _read_source(source: Source, format_name: str | None) -> Iterator[Post | Rejected]:
    if not source.sample.head:
        yield source.reject(None, "the file is empty", left_out=True)
        return
    if (guess_type(source.file)[0] or "").startswith(("image/", "video/", "audio/", "font/")):
        yield source.reject(None, "a picture, sound or film", left_out=True)
        return
    if source.sample.suffix == ".css" or _is_plain_script(source):
        yield source.reject(None, "a style sheet or script", left_out=True)  # archives bring their own viewers
        return
    try:
        name = format_name or _recognise(source)
        found = False
        for record in _until_hopeless(_reader(name).read(replace(source, format=name)), source):
            found = True
            yield record
        if not found:
            # Told a wrong format, a reader sees nothing; that must not pass for an export without findings.
            wrong = format_name is not None and _reader(name).recognises(source.sample) is Recognition.NO
            cure = "it does not look like that: leave out --format, or name another" if wrong else ""
            yield source.reject(None, f"holds no record (read as {name})", cure=cure, left_out=not wrong)
    except InputError as error:
        yield Rejected(error.file, error.record, error.reason, error.cure)
    except OSError as error:
        yield source.reject(None, f"cannot be read further: {error.strerror or error}")


def _until_hopeless(records: Iterable[Post | Rejected], source: Source) -> Iterator[Post | Rejected]:
    """The records, but no more of a file in which only rejections follow each other (one unclosed quote can do it)."""
    most = source.options.limits.rejections
    in_a_row = 0
    for record in records:
        yield record
        in_a_row = in_a_row + 1 if isinstance(record, Rejected) and not record.left_out else 0
        if in_a_row >= most:
            what = f"{most:,} records in a row could not be read; what follows was not tried"
            raise InputError(source.file, what, "see the first of them, or raise it: --limits rejections=NUMBER")


def _is_plain_script(source: Source) -> bool:
    """True for a script that is no reader's (X archives keep their posts in files of that name)."""
    if source.sample.suffix != ".js":
        return False
    return all(_reader(name).recognises(source.sample) < Recognition.CERTAIN for name in format_names())


def _recognise(source: Source) -> str:
    """The name of the surest reader. Raises `InputError` when none recognises the file."""
    sureness = {name: _reader(name).recognises(source.sample) for name in format_names()}
    name = max(sureness, key=sureness.__getitem__)
    if sureness[name] is Recognition.NO:
        what = "is of no known export format" if source.sample.is_text else "is binary, and no known export"
        raise InputError(source.file, what, f"name its format with --format: {', '.join(format_names())}")
    return name
