"""Copies with words run together: labels stay on their words, and no held post comes back by another name."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.corpus import Corpus, read_corpus, same_post
from training.fit import COPY_SPLIT, Settings, passage_weights
from training.run_together import run_together
from training.study import copies


@pytest.fixture(scope="module")
def corpus(root: Path) -> Corpus:
    return Corpus(read_corpus([], root / "corpora" / "authored").posts[:400])


def test_copies_keep_the_kinds_and_differ_in_their_spaces_alone(corpus: Corpus) -> None:
    known = {post.id: post for post in corpus.posts}
    found = list(run_together(corpus.posts, held=[]))
    assert len(found) > 20
    for copy in found:
        post = known[copy.id.removesuffix(f"-{COPY_SPLIT}")]
        assert [one.kind for one in copy.passages] == [one.kind for one in post.passages]
        assert copy.text != post.text
        for one, other in zip(copy.passages, post.passages, strict=True):
            words, before = copy.text[one.start : one.end], post.text[other.start : other.end]
            assert "".join(words.split()) == "".join(before.split())


def test_not_only_recommendations_are_copied(corpus: Corpus) -> None:
    kinds = [one.is_recommendation for copy in run_together(corpus.posts, held=[]) for one in copy.passages]
    assert 0.1 < sum(kinds) / len(kinds) < 0.9


def test_nothing_held_is_copied(corpus: Corpus) -> None:
    held = corpus.posts[:200]
    keys = {same_post(post.text) for post in held}
    known = {post.id: same_post(post.text) for post in corpus.posts}
    found = list(run_together(corpus.posts, held=held))
    assert found
    assert not keys & {known[copy.id.removesuffix(f"-{COPY_SPLIT}")] for copy in found}


def test_a_copy_counts_less_than_its_post(corpus: Corpus) -> None:
    both = Corpus(corpus.posts + tuple(copies(corpus)))
    weight = passage_weights(both, Settings(authored_weight=1.0))
    assert weight[both.split == COPY_SPLIT].max() < weight[both.split == "authored"].max()
