"""The cost of Spark's door and how it grows with partitions: `python -m benchmarks.spark [POSTS] [PARTITIONS...]`.

Local mode with two Python workers, on Linux. The table counts the processor time of all that Spark runs, Python and
Java, which is what a cluster is paid for and depends less on what else this machine does than wall time does. Numbers
of partitions take turns within each round, so that a machine that becomes slower makes all of them slower.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pyarrow as pa
from pyarrow import parquet
from pyspark.sql import DataFrame, SparkSession

from benchmarks.case import read_posts
from detector import Detector, spark

ROUNDS = 3
TICKS = os.sysconf("SC_CLK_TCK")
MILLION = 1e6
COST = "processor seconds per million posts (min to max)"
HEAD = "| partitions | posts a task | {cost} | of it Java | against {first} | wall seconds |"


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds that one audit took: processor time of the Python workers and of Java, and the clock's."""

    python: float
    java: float
    wall: float

    @property
    def processor(self) -> float:
        """What a cluster is paid for."""
        return self.python + self.java


def main(posts: int = 20_000, *partitions: int) -> None:
    """Print a Markdown table."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    numbers = partitions or (1, 2, 4, 8, 64)
    texts = [post.text for post in read_posts(posts)]
    begin = time.process_time()
    Detector()
    built = time.process_time() - begin
    settings = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "posts.parquet")
        parquet.write_table(pa.table({"id": list(map(str, range(len(texts)))), "text": texts}), path)
        costs = measured(session, path, numbers)
    session.stop()
    letters = sum(map(len, texts)) / len(texts)
    print(f"{len(texts):,} posts of {letters:.0f} characters on average, local[2], median of {ROUNDS} rounds;", end=" ")
    print(f"each worker once builds its engine, in {built:.1f} s, not counted here\n")
    print(HEAD.format(cost=COST, first=numbers[0]))
    print("|---|---|---|---|---|---|")
    for number in numbers:
        print(line(number, costs[number], costs[numbers[0]], posts=len(texts)))


def measured(session: SparkSession, path: str, numbers: tuple[int, ...]) -> dict[int, list[Cost]]:
    """What each number of partitions cost, round by round."""
    frame = session.read.parquet(path)
    audit(session, frame, 2)  # workers start and build their engines; Java compiles
    costs: dict[int, list[Cost]] = {number: [] for number in numbers}
    for turn in range(ROUNDS):
        for number in numbers if turn % 2 == 0 else reversed(numbers):
            costs[number].append(audit(session, frame, number))
    return costs


def audit(session: SparkSession, posts: DataFrame, partitions: int) -> Cost:
    """Audit all posts through the door that users take; results go through Java and are thrown away there."""
    machine = session.sparkContext._jvm
    assert machine is not None
    java = int(machine.java.lang.ProcessHandle.current().pid())
    before, begin = spent(java), time.monotonic()
    spark.audit(posts.repartition(partitions)).write.format("noop").mode("overwrite").save()
    wall, after = time.monotonic() - begin, spent(java)
    return Cost(python=after[1] - before[1], java=after[0] - before[0], wall=wall)


def spent(java: int) -> tuple[float, float]:
    """Processor seconds until now: of Java itself, and of the processes below it, which are Spark's Python workers."""
    own: dict[int, float] = {}
    parents: dict[int, int] = {}
    for identity, parent, seconds in processes():
        own[identity], parents[identity] = seconds, parent
    below = (identity for identity in own if java in ancestors(identity, parents))
    return own[java], sum(own[identity] for identity in below)


def ancestors(identity: int, parents: dict[int, int]) -> Iterator[int]:
    """The processes above a process."""
    while identity := parents.get(identity, 0):
        yield identity


def processes() -> Iterator[tuple[int, int, float]]:
    """Every process of the machine: its number, its parent's, and the processor seconds it has had."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        user, system, *reaped = map(int, fields[11:15])
        yield int(path.parent.name), int(fields[1]), (user + system + sum(reaped)) / TICKS


def line(partitions: int, costs: list[Cost], first: list[Cost], *, posts: int) -> str:
    """One row of the table."""
    each = [cost.processor / posts * MILLION for cost in costs]
    java = median(cost.java for cost in costs) / posts * MILLION
    ratio = median(cost.processor for cost in costs) / median(cost.processor for cost in first)
    wall = median(cost.wall for cost in costs)
    spread = f"{median(each):,.0f} ({min(each):,.0f} to {max(each):,.0f})"
    return f"| {partitions} | {posts // partitions:,} | {spread} | {java:,.0f} | {ratio:.2f} | {wall:.1f} |"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
