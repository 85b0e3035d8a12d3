"""Authored posts by dialect are judged by models that did not see them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training.card import render_folder
from training.corpus import Corpus, read_corpus
from training.dialects import FILES, by_dialect
from training.fit import Settings
from training.run import make_language
from training.study import Study

SMALL = Settings(bits=14)


@pytest.fixture(scope="module")
def study(root: Path) -> Study:
    posts = read_corpus([], root / "corpora" / "authored").posts
    kept = [post for post in posts if post.dataset in ("authored_sg_singlish", "authored_us_reddit")]
    return Study.read(Corpus(tuple(kept)), make_language(), SMALL, None)


def test_rows_are_of_the_files_that_are_there(study: Study) -> None:
    rows = by_dialect(study, SMALL, folds=3)
    assert set(rows) == {"Singlish", "United States, forums"}
    for name, row in rows.items():
        inside = study.corpus.dataset == f"authored_{FILES[name]}"
        assert row["passages"] == inside.sum()
        assert row["recommendations"] == study.corpus.truth[inside].sum()
        base = row["recommendations"] / row["passages"]
        assert base + 0.1 < row["average_precision"] < 0.98  # better than chance, and not by heart
        assert 0 < row["flagged"] < row["passages"]


def test_without_authored_posts_there_is_no_row(study: Study) -> None:
    public = Study(Corpus(()), study.examples, SMALL)
    assert by_dialect(public, SMALL, folds=2) == {}


def test_the_card_shows_every_row(root: Path) -> None:
    card = render_folder(root / "detector" / "model")
    assert all(f"| {name} |" in card for name in FILES)
    assert np.array([len(line) < 121 for line in card.split("### By dialect")[1].splitlines()[:8]]).all()
