"""Spark's door in local mode: a real Java, two real Python workers, and the findings of the local run."""

import json
import random
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import col, expr

from detector import readers, spark
from detector.cli.session import run_report
from detector.engine import Detector
from detector.errors import ConfigError
from detector.policy import load_policy
from detector.post import Post
from detector.readers.base.contract import MEBIBYTE
from detector.spark.parcel import pack, unpack

TICKERS = ("NVDA", "TSLA", "PLTR", "AMD", "DBS")
TEXTS = (
    "You should buy {ticker} before earnings, target {number}.",
    "Nice weather today, {number} degrees in the harbour.",
    "I bought {number} shares of {ticker} last week.\n\nThis is not financial advice.",
    "Sell your {ticker} now! It will not see {number} again. 🚀",
    "{ticker} reported {number} million in revenue.",
)
SIZE = 700


@pytest.fixture(scope="module")
def session(program: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    program("java")
    settings = {
        "spark.driver.memory": "1g",
        "spark.ui.showConsoleProgress": "false",
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
        "spark.sql.execution.arrow.maxRecordsPerBatch": "100",
        "spark.driver.extraJavaOptions": "-Duser.timezone=Asia/Singapore -XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.sql.session.timeZone": "Asia/Singapore",
    }
    builder = SparkSession.builder.master("local[2]").appName("detector tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        yield session
        session.stop()


def table() -> pa.Table:
    """Posts of every sort: null, empty and huge texts among them."""
    choose = random.Random(5)  # noqa: S311
    texts: list[str | None] = [
        choose.choice(TEXTS).format(ticker=choose.choice(TICKERS), number=choose.randrange(1000)) for _ in range(SIZE)
    ]
    texts[::97] = [None] * len(texts[::97])
    texts[50:52] = ["", "Buy NVDA now. " * 3_000]
    columns = {
        "id": [str(number) for number in range(SIZE)],
        "body": pa.array(texts, pa.large_string()),
        "author": [f"author {number % 7}" for number in range(SIZE)],
        "parent_id": [None if number % 3 else "1" for number in range(SIZE)],
        "created_at": pa.array([1_790_000_000_000_000 + number for number in range(SIZE)], pa.timestamp("us", "UTC")),
    }
    return pa.table(columns)


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "posts.parquet"
    parquet.write_table(table(), path)
    return path


@pytest.fixture(scope="module")
def local(export: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The Parquet report of the local run over the same file."""
    report = tmp_path_factory.mktemp("report") / "report.parquet"
    posts = (record for record in readers.read([export]) if isinstance(record, Post))
    run_report(posts, Detector(), to="parquet", output=report)
    rows = plain(parquet.read_table(report).to_pylist())
    assert len(rows) == SIZE
    return rows


def plain(rows: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Rows by id, as JSON; Spark does not know the place in a file."""
    return {
        row["id"]: json.dumps({name: row[name] for name in row if name not in ("origin", "rejected")}) for row in rows
    }


def collected(result: DataFrame) -> dict[str, str]:
    return plain(row.asDict(recursive=True) for row in result.collect())


def different(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Ids of the rows that are not the same."""
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))


@pytest.mark.parametrize("partitions", [1, 3, 8])
def test_findings_are_those_of_the_local_run(
    session: SparkSession, export: Path, local: dict[str, str], partitions: int
) -> None:
    posts = session.read.parquet(str(export)).repartition(partitions)
    result = spark.audit(posts)
    assert result.rdd.getNumPartitions() == partitions
    assert sum('"rule": "recommendation"' in row for row in local.values()) > SIZE / 5
    assert different(collected(result), local) == []


def test_order_and_batch_size_do_not_matter(session: SparkSession, export: Path, local: dict[str, str]) -> None:
    posts = session.read.parquet(str(export)).orderBy(expr("hash(id)"))
    session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "7")
    session.conf.set("spark.sql.execution.arrow.useLargeVarTypes", "true")
    try:
        assert different(collected(spark.audit(posts)), local) == []
    finally:
        session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "100")
        session.conf.set("spark.sql.execution.arrow.useLargeVarTypes", "false")


def test_the_engine_is_built_once_a_worker(session: SparkSession, export: Path) -> None:
    def workers(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import os

        from detector.spark.worker import _detector

        rows = sum(batch.num_rows for batch in batches)
        built = _detector.cache_info().misses
        yield pa.RecordBatch.from_pylist([{"process": os.getpid(), "built": built, "rows": rows}])

    spark.audit(session.read.parquet(str(export)).repartition(8)).collect()
    spark.audit(session.read.parquet(str(export)).repartition(8)).collect()
    seen = session.range(100).repartition(4).mapInArrow(workers, "process long, built long, rows long").collect()
    assert {row.built for row in seen} == {1}
    assert len({row.process for row in seen}) <= 2


def test_what_is_no_text_is_refused_row_by_row_and_never_shown(
    session: SparkSession, capfd: pytest.CaptureFixture[str]
) -> None:
    posts = session.createDataFrame([("sound", "Buy NVDA now."), ("bad", "secret")], "id string, text string")
    broken = expr("case when id = 'bad' then cast(unhex('7365637265748020') as string) else text end")
    rows = {row.id: row for row in spark.audit(posts.withColumn("text", broken)).collect()}
    assert rows["sound"].findings
    assert rows["sound"].rejected is None
    assert rows["bad"].rejected == "byte 7 of 'text' (0x80) is not valid UTF-8"
    assert rows["bad"].findings == []
    assert "secret" not in str(rows["bad"]) + "".join(capfd.readouterr())


def test_a_text_over_the_limit_is_refused(session: SparkSession) -> None:
    posts = session.range(1).select(col("id"), expr(f"repeat('x', {17 * MEBIBYTE})").alias("text"))
    (row,) = spark.audit(posts).collect()
    assert (row.id, row.rejected) == ("0", "the text is longer than 16,777,216 characters")


def test_half_surrogate_pairs_become_what_java_makes_of_them(session: SparkSession) -> None:
    posts = session.sql(r"select 'half' as id, 'Buy NVDA now \ud83d.' as text")
    (row,) = spark.audit(posts).collect()
    assert row.rejected is None
    assert [finding.rule for finding in row.findings][:1] == ["recommendation"]


def test_columns_are_named_and_nested_ones_found(session: SparkSession) -> None:
    posts = session.sql("select struct('Sell your TSLA now.' as words) as post, 7 as key, struct('eve' as name) as who")
    (row,) = spark.audit(posts, columns={"text": "post.words", "id": "key", "author": "who"}).collect()
    assert (row.id, row.author, row.findings[0].text) == ("7", "eve", "Sell your TSLA now.")


@pytest.mark.parametrize(
    ("columns", "query", "reason"),
    [
        ({}, "select 1 as id, 'x' as wording", "no column with the post's text"),
        ({}, "select 'x' as text", "no column with the post's id"),
        ({}, "select 1 as id, 2 as text", "'text' holds int, not text"),
        ({"author": "nobody"}, "select 1 as id, 'x' as text", "no column 'nobody' for author"),
        ({"txet": "text"}, "select 1 as id, 'x' as text", "did you mean text?"),
    ],
)
def test_unusable_columns_are_refused_before_anything_runs(
    session: SparkSession, columns: dict[str, str], query: str, reason: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        spark.audit(session.sql(query), columns=columns)
    assert reason in str(refused.value)


def test_a_policy_with_disclaimers_of_its_own_travels(root: Path, tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text('name = "acme"\n[[disclaimers]]\nids = ["acme-notice"]\nwhen = "always"\n')
    shutil.copytree(root / "tests/disclaimers/platform", tmp_path / "disclaimers")
    policy = load_policy(tmp_path)
    assert policy.disclaimer_folder
    moved = unpack(pack(policy))
    assert moved.disclaimer_folder
    assert moved.disclaimer_folder != policy.disclaimer_folder
    assert moved.checksum == policy.checksum
    findings = Detector(moved).check_text("Buy NVDA now.")
    assert findings == Detector(policy).check_text("Buy NVDA now.")
    assert "acme-notice" in [finding.disclaimer for finding in findings]


def test_the_result_is_the_parquet_report_and_one_column_more() -> None:
    assert [field.name for field in spark.schema()][-2:] == ["suppressed", "rejected"]
    assert spark.schema()["findings"].dataType.simpleString().startswith("array<struct<id:string,rule:string,")
