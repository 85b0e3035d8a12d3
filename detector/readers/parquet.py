"""Parquet files, with the usual column names or those given by `--map`. Needs the extra `parquet`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detector.errors import InputError
from detector.post import Post, Rejected
from detector.readers.base.containers import seekable
from detector.readers.base.contract import Recognition, Sample, Source
from detector.readers.base.fields import choose, make_post, no_text

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from pyarrow.parquet import ParquetFile

MAGIC = b"PAR1"
ROWS_AT_ONCE = 1024


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
            yield from _rows(source, ParquetFile(whole))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(source.file, f"damaged Parquet file: {error}", "export or download it again") from error


def with_plain_dates(batch: RecordBatch) -> RecordBatch:
    """The batch with dates as text: Python has none beyond the year 9999, exports do."""
    from pyarrow import string, types

    for at, column in enumerate(batch.schema):
        if types.is_temporal(column.type):
            batch = batch.set_column(at, column.name, batch.column(at).cast(string()))
    return batch


def _rows(source: Source, table: ParquetFile) -> Iterator[Post | Rejected]:
    names = table.schema_arrow.names
    chosen = choose(names, source.options.field_map)
    if "text" not in chosen:
        raise InputError(source.file, *no_text(names, source.options.field_map))
    wanted = {path if path in names else path.partition(".")[0] for path in chosen.values()}
    number = 0
    for batch in table.iter_batches(ROWS_AT_ONCE, columns=sorted(wanted)):
        for row in with_plain_dates(batch).to_pylist():
            number += 1
            yield make_post(row, chosen, source, number)
