"""The door for Apache Spark: `detector.spark.audit(df, policy)`; needs the extra `spark` and Java."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from detector.errors import ConfigError
from detector.policy import Policy
from detector.post import TextFormat
from detector.readers.base.fields import check_field_map, choose, no_text
from detector.spark.parcel import pack
from detector.spark.worker import Job, check_batches, result_schema

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

__all__ = ["audit", "schema"]


def audit(
    df: DataFrame,
    policy: Policy | str | Path = "default",
    *,
    columns: Mapping[str, str] | None = None,
    text_format: TextFormat = "plain",
    export_format: str = "parquet",
) -> DataFrame:
    """Check every row of `df` as a post; one row out for each row in, in the columns of `schema()`.

    `columns` names the columns, as in `{"text": "body", "id": "key"}`; the usual names are known (`docs/formats.md`),
    and text and id are needed. `text_format` says how all texts are written, `export_format` the format that a policy
    takes the posts to be of. Findings are those of `detector audit` over the same posts, for any partitioning. A row
    whose text cannot be read is not judged: its column `rejected` says why.

    Lazy, as Spark is. Executors need this package; the policy, with disclaimers of its own, travels with the job.
    Raises `ConfigError` at once for an unusable policy and for columns that are not there or hold no text.
    """
    field_map = dict(columns or {})
    check_field_map(field_map)
    chosen = _choose(df, field_map)
    job = Job(pack(policy), tuple(chosen.items()), text_format, export_format)
    wanted = sorted({path if path in df.columns else path.partition(".")[0] for path in chosen.values()})
    rows = df.select(*(df[f"`{name}`"] for name in wanted))
    return rows.mapInArrow(partial(check_batches, job), schema())


def schema() -> StructType:
    """The columns of the result: those of the Parquet report (`detector.post/1`), then `rejected` (null, or why)."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(result_schema())


def _choose(df: DataFrame, field_map: Mapping[str, str]) -> dict[str, str]:
    """Which column holds which field."""
    from pyspark.sql.types import StringType

    chosen = choose(df.columns, field_map)
    if "text" not in chosen:
        raise ConfigError("columns", no_text(df.columns, field_map)[0], 'name it: columns={"text": "COLUMN"}')
    for field, name in field_map.items():
        if field not in chosen:
            raise ConfigError("columns", f"no column {name!r} for {field}", f"columns: {', '.join(df.columns)}")
    if "id" not in chosen:
        raise ConfigError("columns", "no column with the post's id", 'name it: columns={"id": "COLUMN"}')
    if chosen["text"] in df.columns and not isinstance(kind := df.schema[chosen["text"]].dataType, StringType):
        raise ConfigError("columns", f"{chosen['text']!r} holds {kind.simpleString()}, not text", "cast it to string")
    return chosen
