"""The cost of Spark's door and how it grows with partitions: `python -m benchmarks.spark [POSTS] [PARTITIONS...]`.

Local mode with two Python workers. Processor time of the workers is what a cluster is paid for, and hardly depends on
what else this machine does; wall time does.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet
from pyspark.sql import DataFrame, Row, SparkSession

from benchmarks.case import read_posts
from detector.spark.parcel import pack
from detector.spark.worker import Job, check_batches

CHOSEN = (("text", "text"), ("id", "id"))
RESULT = "process long, rows long, findings long, start double, work double"


def main(posts: int = 4_000, *partitions: int) -> None:
    """Print a Markdown table."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "posts.parquet")
        texts = [post.text for post in read_posts(posts)]
        parquet.write_table(pa.table({"id": list(map(str, range(len(texts)))), "text": texts}), path)
        print(f"{len(texts):,} posts, local[2]\n")
        print("| partitions | posts a task | processor seconds per million posts | wall seconds | engines built |")
        print("|---|---|---|---|---|")
        for number in partitions or (1, 2, 4, 8, 16, 64):
            print(line(session.read.parquet(path), number))
    session.stop()


def line(posts: DataFrame, partitions: int) -> str:
    """One row of the table."""
    job = Job(pack("default"), CHOSEN, "plain", "parquet")
    begin = time.monotonic()
    tasks: list[Row] = posts.repartition(partitions).mapInArrow(partial(timed, job), RESULT).collect()
    wall = time.monotonic() - begin
    rows, work = sum(task.rows for task in tasks), sum(task.work for task in tasks)
    built = [task.start for task in tasks if task.start > 0.2]
    start = f"{len(built)}, {sum(built) / len(built):.1f} s each" if built else "0"
    return f"| {partitions} | {rows // partitions:,} | {work / rows * 1e6:,.0f} | {wall:.1f} | {start} |"


def timed(job: Job, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Check a partition; give back what it cost, not what was found."""
    from detector.spark.worker import _detector

    begin = time.process_time()
    _detector(job.policy)
    ready = time.process_time()
    results = [(result.num_rows, len(result["findings"].flatten())) for result in check_batches(job, batches)]
    row = {
        "process": os.getpid(),
        "rows": sum(rows for rows, _ in results),
        "findings": sum(findings for _, findings in results),
        "start": ready - begin,
        "work": time.process_time() - ready,
    }
    yield pa.RecordBatch.from_pylist([row])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
