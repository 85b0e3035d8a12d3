"""Parquet files, with the usual column names or those given by `--map`. Needs the extra `parquet`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from detector.errors import InputError
from detector.post import Post, Rejected
from detector.readers.base.containers import seekable
from detector.readers.base.contract import Recognition, Sample, Source
from detector.readers.base.fields import choose, make_post, no_text

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from pyarrow.parquet import ParquetFile, RowGroupMetaData

MAGIC = b"PAR1"
ROWS_AT_ONCE = 1024
BYTES_AT_ONCE = 32 * 1024 * 1024


def recognises(sample: Sample) -> Recognition:
    """The format's magic bytes."""
    return Recognition.CERTAIN if sample.head.startswith(MAGIC) else Recognition.NO


def read(source: Source) -> Iterator[Post | Rejected]:
    """Each row is a record; only the columns that are needed are read."""
    try:
        import pyarrow as pa
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        cure = "pip install 'advice-detector[parquet]'"
        raise InputError(source.file, "reading Parquet needs pyarrow, which is not installed", cure) from error
    try:
        with seekable(source.file, source.stream, source.options.limits) as whole:
            size = whole.seek(0, os.SEEK_END)
            texts = [field.name for field in ParquetFile(whole).schema_arrow if field.type == pa.string()]
            # A text that stands in a column a million times is in memory once, if its dictionary is not written out.
            table = ParquetFile(whole, read_dictionary=texts)
            most = max(source.options.limits.expansion_free, source.options.limits.expansion * size)
            _check_size(source, sum(group.total_byte_size for group in _groups(table)), most)
            characters = 0
            for record in _rows(source, table):
                yield record
                characters += len(record.text) if isinstance(record, Post) else 0
                _check_size(source, characters, most)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(source.file, f"damaged Parquet file: {error}", "export or download it again") from error


def with_plain_dates(batch: RecordBatch) -> RecordBatch:
    """The batch with dates as text: Python has none beyond the year 9999, exports do."""
    from pyarrow import string, types

    for at, column in enumerate(batch.schema):
        if types.is_temporal(column.type):
            batch = batch.set_column(at, column.name, batch.column(at).cast(string()))
    return batch


def _groups(table: ParquetFile) -> list[RowGroupMetaData]:
    return [table.metadata.row_group(number) for number in range(table.metadata.num_row_groups)]


def _check_size(source: Source, unpacked: int, most: int) -> None:
    """Raise `InputError` for a file that holds, or says that it holds, far more than its size."""
    if unpacked > most:
        reason = f"unpacks to more than {most:,} bytes, like a decompression bomb"
        raise InputError(source.file, reason, "raise it: --limits expansion=NUMBER")


def _slices(batch: RecordBatch) -> Iterator[RecordBatch]:
    """The batch in parts that stay small also when texts that it holds once are written out for each row."""
    from pyarrow import DictionaryArray

    columns = [column.dictionary for column in batch.columns if isinstance(column, DictionaryArray)]
    # The longest is no longer than all together, and those are in memory anyway.
    longest = max((column.nbytes for column in columns), default=0)
    step = max(1, BYTES_AT_ONCE // max(longest, 1)) if longest > BYTES_AT_ONCE // ROWS_AT_ONCE else ROWS_AT_ONCE
    yield from (batch.slice(start, step) for start in range(0, batch.num_rows, step))


def _rows(source: Source, table: ParquetFile) -> Iterator[Post | Rejected]:
    names = table.schema_arrow.names
    chosen = choose(names, source.options.field_map)
    if "text" not in chosen:
        raise InputError(source.file, *no_text(names, source.options.field_map))
    wanted = {path if path in names else path.partition(".")[0] for path in chosen.values()}
    bytes_a_row = max((group.total_byte_size // max(group.num_rows, 1) for group in _groups(table)), default=1)
    rows_at_once = min(ROWS_AT_ONCE, max(1, BYTES_AT_ONCE // max(bytes_a_row, 1)))
    number = 0
    for batch in table.iter_batches(rows_at_once, columns=sorted(wanted)):
        for part in _slices(with_plain_dates(batch)):
            for row in part.to_pylist():
                number += 1
                yield make_post(row, chosen, source, number)
