"""The student as PyTorch trains it, and as the second stage runs it. Needs the extra `teach`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detector.pipeline.second_stage import SecondStage
from training.corpus import Corpus, read_corpus
from training.examples import Examples, read_examples
from training.fit import Settings
from training.run import make_language

torch = pytest.importorskip("torch", reason="the extra `teach` is not installed: teaching is optional")


@pytest.fixture(scope="module")
def corpus(root: Path) -> Corpus:
    posts = read_corpus([], root / "corpora" / "authored").posts
    return Corpus(posts[:150])


@pytest.fixture(scope="module")
def examples(corpus: Corpus) -> Examples:
    return read_examples(corpus, make_language(), bits=12)


def test_the_second_stage_computes_what_the_student_computes(corpus: Corpus, examples: Examples) -> None:
    from training.student import Student
    from training.student_input import read_words
    from training.tuning import label_lessons

    words = read_words(examples.batch, examples.table)
    student = Student(3)
    rows = np.flatnonzero((corpus.kind >= 0) & (examples.batch.size > 0))
    student.fit(words, label_lessons(corpus, rows, Settings()), epochs=1, rate=2e-3)
    with torch.inference_mode():
        expected = student._forward(words.padded(rows), 0.0)[0].numpy()
    found = SecondStage(student.arrays(), examples.table).score(examples.batch, rows)
    assert expected.std(axis=0).min() > 0.001
    assert np.abs(found - expected).max() < 0.02  # weights are kept as 16-bit floats


def test_the_same_seed_gives_the_same_student(corpus: Corpus, examples: Examples) -> None:
    from training.student import Student
    from training.student_input import read_words
    from training.tuning import label_lessons

    words, rows = read_words(examples.batch, examples.table), np.flatnonzero(corpus.kind >= 0)[:300]
    lessons = label_lessons(corpus, rows, Settings())
    arrays = []
    for _ in range(2):
        student = Student(1)
        student.fit(words, lessons, epochs=2, rate=2e-3)
        arrays.append(student.arrays())
    assert all(np.array_equal(arrays[0][name], arrays[1][name]) for name in arrays[0])
