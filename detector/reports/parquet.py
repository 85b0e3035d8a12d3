"""Parquet, one row a post in the shape of `detector.post/1`; needs the `parquet` extra."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO

import msgspec

from detector.checked import Checked, Run
from detector.errors import ConfigError
from detector.reports.parts.record import SCHEMA, post_record

SUFFIX = ".parquet"
BINARY = True

ROWS = 5_000


def render(stream: Iterable[Checked], run: Run, out: BinaryIO) -> None:
    """Row groups of 5,000 posts, so that memory stays flat; the footer names what made the file."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        cure = "pip install 'advice-detector[parquet]'"
        raise ConfigError("--to parquet", "pyarrow is not installed", cure) from error
    schema = arrow_schema(pa)
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for rows in _batches(stream, run.policy_checksum):
            try:
                batch = pa.RecordBatch.from_pylist(rows, schema=schema)
            except UnicodeEncodeError:
                batch = pa.RecordBatch.from_pylist(without_surrogates(rows), schema=schema)
            writer.write_batch(batch)
        writer.add_key_value_metadata(_made_by(run))


def _batches(stream: Iterable[Checked], policy_checksum: str) -> Iterator[list[dict[str, Any]]]:
    rows = (msgspec.to_builtins(post_record(each, policy_checksum=policy_checksum)) for each in stream)
    while batch := list(islice(rows, ROWS)):
        yield batch


def without_surrogates(rows: list[dict[str, Any]]) -> Any:  # noqa: ANN401
    """Arrow text is strict UTF-8: an unpaired surrogate becomes a question mark."""
    return json.loads(json.dumps(rows, ensure_ascii=False).encode("utf-8", "replace"))


def _made_by(run: Run) -> dict[str, str]:
    return {
        "detector.schema": SCHEMA,
        "detector.version": run.version,
        "detector.model": run.model_checksum,
        "detector.policy": run.policy,
        "detector.policy_checksum": run.policy_checksum,
    }


def arrow_schema(pa: Any) -> Any:  # noqa: ANN401 the package is optional, and untyped
    """The columns; `post.schema.json` says what they mean."""
    text, whole = pa.string(), pa.int64()
    place = {"start": whole, "end": whole}
    edit = {"edit_class": text, **place, "expected": text, "found": text, "changes_meaning": pa.bool_()}
    fix = {"title": text, **place, "replacement": text}
    reason = {"words": text, "contribution": pa.float64()}
    finding = {
        **dict.fromkeys(("id", "rule", "kind", "target", "field"), text),
        **place,
        "text": text,
        "probability": pa.float64(),
        **dict.fromkeys(("severity", "message", "disclaimer", "integrity"), text),
        "edits": pa.list_(_struct(pa, edit)),
        "fix": _struct(pa, fix),
        "reasons": pa.list_(_struct(pa, reason)),
    }
    disclaimer = {
        **dict.fromkeys(("id", "version", "variant", "integrity"), text),
        "states": pa.list_(text),
        **place,
        "edits": pa.list_(_struct(pa, edit)),
        "note": text,
    }
    columns = {
        "schema": text,
        "id": text,
        "origin": _struct(pa, {"file": text, "record": whole, "format": text}),
        **dict.fromkeys(("author", "created", "parent", "url", "language"), text),
        "abstained": pa.bool_(),
        "sha256": text,
        "score": pa.float64(),
        "findings": pa.list_(_struct(pa, finding)),
        "disclaimer": _struct(pa, disclaimer),
    }
    return pa.schema(columns)


def _struct(pa: Any, fields: dict[str, Any]) -> Any:  # noqa: ANN401
    return pa.struct(list(fields.items()))
