"""pytest-benchmark over the stages: `make bench`."""

from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.stages import prepare, read_posts, write_export

POSTS = read_posts(1_000)


@pytest.mark.parametrize("stage", prepare(POSTS, Path()))
def test_stage(benchmark: BenchmarkFixture, stage: str, tmp_path: Path) -> None:
    export = tmp_path / "posts.jsonl"
    write_export(POSTS, export)
    prepared = prepare(POSTS, export)[stage]
    benchmark.extra_info["posts"] = len(POSTS)
    assert benchmark.pedantic(lambda work: work() or True, setup=lambda: ((prepared(),), {}), rounds=3)
