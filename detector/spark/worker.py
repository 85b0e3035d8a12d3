"""What runs in Spark's Python workers: Arrow batches of rows in, Arrow batches of results out."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa

from detector.engine import BATCH_POSTS, Detector
from detector.post import Post, Rejected, TextFormat
from detector.readers.base.contract import Options, Sample, Source
from detector.readers.base.fields import as_words, make_post, value_of
from detector.readers.parquet import with_plain_dates
from detector.reports.parquet import arrow_schema, without_surrogates
from detector.reports.parts.record import SCHEMA, post_record
from detector.spark.parcel import Parcel, unpack

POLICIES_KEPT = 4
PIECE_BYTES = 32 * 1024 * 1024  # of Arrow data turned into Python objects at once


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker has to know: the policy, which column holds which field, and what the texts are."""

    policy: Parcel
    chosen: tuple[tuple[str, str], ...]
    text_format: TextFormat
    export_format: str


class Refused(NamedTuple):
    """A row that cannot be judged, and why."""

    id: str
    reason: str


@cache
def result_schema() -> pa.Schema:
    """The Parquet report's columns, and why a row was not judged."""
    schema: pa.Schema = arrow_schema(pa)
    return schema.append(pa.field("rejected", pa.string()))


def check_batches(job: Job, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Check every row, in order; memory holds one piece of a batch."""
    detector = _detector(job.policy)
    for batch in batches:
        for piece in _pieces(batch):
            yield _to_arrow(list(_check(job, detector, list(_records(job, piece)))))


@lru_cache(maxsize=POLICIES_KEPT)
def _detector(parcel: Parcel) -> Detector:
    """Built once a worker process, which Spark uses for many tasks."""
    return Detector(unpack(parcel))


def _pieces(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """As many rows as the engine takes at once, fewer where they are huge."""
    if not batch.num_rows:
        return
    rows = max(1, min(BATCH_POSTS, PIECE_BYTES * batch.num_rows // max(1, batch.nbytes)))
    for start in range(0, batch.num_rows, rows):
        yield batch.slice(start, rows)


def _records(job: Job, piece: pa.RecordBatch) -> Iterator[Post | Refused]:
    source = Source("", io.BytesIO(), Sample("", b"", whole=True), Options(), job.export_format)
    chosen = dict(job.chosen)
    for row, reason in _rows(piece):
        identity = as_words(value_of(row, chosen["id"])) or ""
        record = make_post(row, chosen, source, 0) if reason is None else source.reject(0, reason)
        if isinstance(record, Rejected):
            yield Refused(identity, record.reason)
        else:
            yield replace(record, id=identity, format=job.text_format)


def _rows(piece: pa.RecordBatch) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Rows as values, and why one cannot be read: Spark does not check that its strings are UTF-8."""
    piece = with_plain_dates(_in_utc(piece))
    try:
        rows = piece.to_pylist()
    except UnicodeDecodeError:
        yield from (_row(piece.slice(number, 1)) for number in range(piece.num_rows))
    else:
        yield from ((row, None) for row in rows)


def _row(piece: pa.RecordBatch) -> tuple[dict[str, Any], str | None]:
    """The columns of one row that can be read, and what is wrong with the last that cannot."""
    row, reason = {}, None
    for name, column in zip(piece.schema.names, piece.columns, strict=True):
        try:
            row[name] = column[0].as_py()
        except UnicodeDecodeError as error:
            reason = f"byte {error.start + 1} of {name!r} (0x{error.object[error.start]:02x}) is not valid UTF-8"
    return row, reason


def _in_utc(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Points in time as UTC, whatever the session's time zone is."""
    for at, column in enumerate(batch.schema):
        if pa.types.is_timestamp(column.type) and column.type.tz:
            utc = batch.column(at).cast(pa.timestamp(column.type.unit, "UTC"))
            batch = batch.set_column(at, column.name, utc)
    return batch


def _check(job: Job, detector: Detector, records: list[Post | Refused]) -> Iterator[dict[str, Any]]:
    checked = detector.examine(record for record in records if isinstance(record, Post))
    origin = {"file": "", "record": 0, "format": job.export_format}
    for record in records:
        if isinstance(record, Refused):
            yield {"schema": SCHEMA, "id": record.id, "origin": origin, "findings": [], "rejected": record.reason}
        else:
            yield msgspec.to_builtins(post_record(next(checked), policy_checksum=detector.policy.checksum))


def _to_arrow(rows: list[dict[str, Any]]) -> pa.RecordBatch:
    try:
        return pa.RecordBatch.from_pylist(rows, schema=result_schema())
    except UnicodeEncodeError:
        return pa.RecordBatch.from_pylist(without_surrogates(rows), schema=result_schema())
