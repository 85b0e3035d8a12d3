"""What is said of a post does not depend on the posts beside it, to the last digit."""

from pathlib import Path

import pytest

import detector.engine
from detector import readers
from detector.engine import Detector
from detector.pipeline.features_linear import SLICE
from detector.post import Post
from detector.reading import Judgement


@pytest.fixture(scope="module")
def posts(root: Path) -> list[Post]:
    """More words than the classifier looks at together, posts of all lengths, one far longer than that."""
    example = [each for each in readers.read([root / "corpora/example"]) if isinstance(each, Post)]
    endless = Post("endless", "buy the dip and never ask why " * SLICE)
    return [*example[:40], endless, *example]


def judgements(posts: list[Post], size: int, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Judgement, ...]]:
    monkeypatch.setattr(detector.engine, "BATCH_POSTS", size)
    return [reading.judgements for reading in Detector().readings(posts)]


def test_probabilities_are_the_same_in_any_batch(posts: list[Post], monkeypatch: pytest.MonkeyPatch) -> None:
    together = judgements(posts, 256, monkeypatch)
    assert any(found for found in together)
    for size in (1, 7):
        assert judgements(posts, size, monkeypatch) == together
