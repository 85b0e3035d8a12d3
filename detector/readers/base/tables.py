"""Rows of a delimited text file whose delimiter, escape and encoding are found from its head."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import BinaryIO

from charset_normalizer import from_bytes

from detector.errors import InputError
from detector.post import Post, Rejected
from detector.readers.base.contract import Sample, Source
from detector.readers.base.fields import choose, shown
from detector.readers.base.lines import UNDECODED, not_decoded

DELIMITERS = ",\t;|"
ROWS_TRIED = 200
MOST = 0.9
_NEVER_GUESSED = ["utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le", "utf_7"]
_SEPARATOR_HINT = re.compile(r"sep=(.)\r?\n")


@dataclass(frozen=True, slots=True)
class Table:
    """How a table is written, and the names of its columns. `even`: the share of rows as wide as the header."""

    delimiter: str = ","
    escape: str | None = None
    quoted: bool = True
    columns: tuple[str, ...] = ()
    even: float = 0.0
    rows: int = 0
    hinted: bool = False

    @property
    def is_even(self) -> bool:
        """Nearly all rows are as wide as the header."""
        return self.even >= MOST

    def reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """The rows in `lines`."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            escapechar=self.escape,
            quoting=csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
        )


def rows_of(source: Source) -> tuple[Table, Iterator[tuple[int, dict[str, str] | Rejected]]]:
    """The table's make, and its rows below the header with their numbers from 1; blank rows are none."""
    encoding = find_encoding(source.sample)
    table = find_table(source.sample.head.decode(encoding, errors="replace"), source.options.field_map)
    return table, _rows(source, table, encoding)


def find_encoding(sample: Sample) -> str:
    """UTF-8 where most of the head is, else what the bytes look like."""
    head = sample.head
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    text = head.decode("utf-8", errors="surrogateescape")
    text = text if sample.whole else text[:-3]  # a character may be cut off at the end
    bad = len(UNDECODED.findall(text))
    if bad == 0 or sum(letter > "\x7f" for letter in text) >= 2 * bad:
        return "utf-8-sig"
    best = from_bytes(head, cp_exclusion=_NEVER_GUESSED).best()
    if best is None or "cp1252" in best.could_be_from_charset:
        return "cp1252"
    return best.encoding


def headers(*lines: str) -> frozenset[tuple[str, ...]]:
    """Whole headers, as a platform writes them, of tables that stand beside its posts."""
    return frozenset(tuple(line.split(",")) for line in lines)


@lru_cache(maxsize=1)  # several readers ask for the same file's
def header(sample: Sample) -> tuple[str, ...]:
    """The column names of a file that can be a table; () when it cannot."""
    if not sample.is_text or sample.text.lstrip()[:1] in ("{", "[", "<"):
        return ()
    return find_table(sample.text, {}).columns


def find_table(head: str, field_map: Mapping[str, str]) -> Table:
    """The delimiter and escape that make the head the most sensible table."""
    hint = _SEPARATOR_HINT.match(head)  # a line that spreadsheets write for each other
    delimiters = hint[1] if hint else DELIMITERS
    body = head[hint.end() :] if hint else head
    styles = [Table(delimiter) for delimiter in delimiters]
    if '\\"' in head:
        styles += [Table(delimiter, escape="\\") for delimiter in delimiters]
    if "\t" in delimiters and '"' in head:
        styles.append(Table("\t", quoted=False))  # database dumps write quotes as they are
    tables = [replace(table, hinted=bool(hint)) for style in styles if (table := _try(body, style))]

    def sense(table: Table) -> tuple[bool, bool, int, float, int]:
        has_text = "text" in choose(table.columns, field_map)
        return has_text, table.is_even, len(table.columns), table.even, table.rows

    return max(tables, key=sense, default=Table())


def _try(head: str, style: Table) -> Table | None:
    """The table that the head is when read in this style."""
    reader = style.reader(io.StringIO(head, newline=""))
    try:
        rows = [row for row, _ in zip(reader, range(ROWS_TRIED), strict=False) if row]
    except csv.Error:
        return None
    if not rows:
        return None
    below = rows[1:-1] or rows[1:]  # the last row may be cut off
    matching = sum(len(row) == len(rows[0]) for row in below)
    return replace(style, columns=tuple(rows[0]), even=matching / len(below) if below else 1.0, rows=len(rows))


class _Text(io.TextIOWrapper):
    def close(self) -> None:
        """Leave the stream to whoever opened it."""


class _Lines:
    """Lines for the csv module: bounded, and known to have ended or been cut."""

    def __init__(self, stream: BinaryIO, encoding: str, limit: int) -> None:
        self._stream = stream
        self._encoding = encoding
        self._limit = limit
        self.cut = False
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        # Half a character cannot be kept in UTF-16 as a bad byte is in other encodings.
        errors = "replace" if self._encoding == "utf-16" else "surrogateescape"
        text = _Text(self._stream, self._encoding, errors=errors, newline="")
        while line := text.readline(self._limit):
            yield line if len(line) < self._limit or line.endswith(("\n", "\r")) else self._skip(line, text)
        self.ended = True

    def _skip(self, line: str, text: _Text) -> str:
        """Drop a line that is too long, but leave the csv module inside or outside quotes as it would be."""
        self.cut = True
        quotes = line.count('"')
        while line and not line.endswith(("\n", "\r")):
            line = text.readline(self._limit)
            quotes += line.count('"')
        return '"' * (quotes % 2) + "\n"


def _rows(source: Source, table: Table, encoding: str) -> Iterator[tuple[int, dict[str, str] | Rejected]]:
    limit = source.options.limits.record_bytes
    csv.field_size_limit(limit)
    lines = _Lines(source.stream, encoding, limit)
    reader = table.reader(lines)
    number = -2 if table.hinted else -1  # the header and what is above it are no records
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number, lines.cut = number + 1, False
            yield number, source.reject(number, f"not a table row: {error}", cure="a quote may not be closed")
            continue
        blank = len(row) == 1 < len(table.columns) and not row[0].strip()  # as some exports end
        if (row and not blank) or lines.cut:
            number += 1
            if number > 0:
                yield number, _checked(source, table, number, row, lines)
            lines.cut = False


def _checked(source: Source, table: Table, number: int, row: list[str], lines: _Lines) -> dict[str, str] | Rejected:
    width = len(table.columns)
    if lines.cut:
        reason = f"the row is longer than {source.options.limits.record_bytes:,} bytes"
        return source.reject(number, reason, cure="raise it: --limits record_bytes=NUMBER")
    if lines.ended:  # a sound last row comes before the lines end
        return source.reject(number, "a quote opened here is never closed", cure="the file may be cut off")
    if any(row[width:]):
        reason = f"the row has {len(row)} cells, the header {width}"
        return source.reject(number, reason, cure="quote cells that hold the delimiter")
    for name, cell in zip(table.columns, row, strict=False):
        if rejected := not_decoded(source, number, cell, where=f"column {name!r}"):
            return rejected
    return dict(zip(table.columns, row, strict=False))


def read_rows(
    source: Source, text_column: str, make: Callable[[Source, int, Mapping[str, str]], Post | Rejected]
) -> Iterator[Post | Rejected]:
    """Turn the rows of a platform's table into posts; `make` sees its column names in lower case."""
    table, rows = rows_of(source)
    if text_column not in map(str.lower, table.columns):
        raise InputError(
            source.file, f"no column {text_column!r}; columns: {shown(table.columns)}", "read it with --format csv"
        )
    for number, row in rows:
        if isinstance(row, Rejected):
            yield row
            continue
        cells = {name.lower(): cell for name, cell in row.items()}
        short = text_column not in cells
        yield source.reject(number, f"the row ends before {text_column!r}") if short else make(source, number, cells)
