"""From tokens and passages to judgements: classification alone."""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.case import Case, Work
from benchmarks.components import stages_of
from benchmarks.timing import run
from detector.engine import BATCH_POSTS
from detector.pipeline.tokens import read_tokens

NAME = "recommendations"


def prepare(case: Case) -> Work:
    """On ready tokens and passages; every word is new to the classifier."""
    stages = stages_of(case.posts)
    tokens, passages = [read_tokens(view.text) for view in stages.views], stages.passages()
    return lambda: [
        stages.detector._judge(tokens[at : at + BATCH_POSTS], passages[at : at + BATCH_POSTS])
        for at in range(0, len(tokens), BATCH_POSTS)
    ]


def test_recommendations(benchmark: BenchmarkFixture, case: Case) -> None:
    run(benchmark, prepare, case)
