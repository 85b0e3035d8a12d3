"""The authored passages that ship: the same as in the corpus, and near what they are looked up for."""

import gzip
from pathlib import Path

from detector.authored import SHIPPED, authored_posts, nearest, nearest_counterexample
from detector.reading import RECOMMENDATION_KINDS
from training.authored_file import authored_file
from training.labelled import read_authored_folder


def test_the_shipped_file_is_what_the_corpus_holds() -> None:
    assert gzip.decompress(SHIPPED.read_bytes()).decode() == authored_file()


def test_posts_come_back_as_they_were_written(root: Path) -> None:
    assert list(authored_posts()) == list(read_authored_folder(root / "corpora/authored"))


def test_a_passage_of_the_corpus_is_nearest_to_itself() -> None:
    passages = [
        (post.text[one.start : one.end], one.kind)
        for post in authored_posts()
        for one in post.passages
        if not one.unsure and len(post.text[one.start : one.end].split()) > 6
    ]
    for text, kind in passages[::200]:
        best = nearest(text, kind)[0]
        assert best.kind == kind
        assert best.likeness == 1


def test_a_counterexample_is_of_the_other_side() -> None:
    (other,) = nearest_counterexample("You should sell your PLTR now.", is_recommendation=True)
    assert other.kind not in RECOMMENDATION_KINDS
    (advice,) = nearest_counterexample("I bought NVDA yesterday.", is_recommendation=False)
    assert advice.kind in RECOMMENDATION_KINDS


def test_words_that_nobody_wrote_have_no_example() -> None:
    assert nearest("zzxq qqzx", "action") == ()
