"""The second stage: the same score for a passage whatever stands beside it in a batch, and words in their order."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from detector.pipeline.cascade import divided, joint_kinds, joint_log_odds
from detector.pipeline.features import Batch, read_batch
from detector.pipeline.features_lexemes import LexemeTable
from detector.pipeline.model import Model
from detector.pipeline.model_reasons import ORDER
from detector.pipeline.second_stage import CLASSES, GRAM_BITS, SEPARATOR, WORD_BITS, SecondStage
from detector.pipeline.second_stage_layout import PARTS, lay_out
from detector.pipeline.shipped import shipped_model
from detector.pipeline.tokenizer import blank_language
from detector.reading import KINDS, Passage

POSTS = (
    ("It is cheap. You should buy NVDA now!", "Then hold."),
    ("Nothing to see here",),
    ("I sold. ", "\n", "Don't chase it 🚀."),
)


def batch_of(posts: tuple[tuple[str, ...], ...], table: LexemeTable) -> Batch:
    nlp = blank_language()
    docs = [nlp.make_doc(" ".join(post)) for post in posts]
    bounds = []
    for post in posts:
        ends = np.cumsum([len(passage) + 1 for passage in post])
        bounds.append([(int(end) - len(passage) - 1, int(end) - 1) for passage, end in zip(post, ends, strict=True)])
    return read_batch(docs, bounds, table)


def random_arrays(seed: int = 0, dim: int = 8, wide: int = 12) -> dict[str, NDArray[np.float32]]:
    shapes = {
        "word": (1 << WORD_BITS, dim), "gram": (1 << GRAM_BITS, dim), "kind": (SEPARATOR + 1, dim),
        "part": (PARTS + 1, dim), "flag": (CLASSES + 1, dim), "convolution1": (3, dim, wide),
        "convolution2": (3, wide, wide), "convolution3": (3, wide, wide), "attention": (wide, 1), "place": (9, 4),
        "hidden": (4 * wide + 4, 10), "out": (10, 1 + len(KINDS)),
        "convolution1_bias": (wide,), "convolution2_bias": (wide,), "convolution3_bias": (wide,),
        "attention_bias": (1,), "hidden_bias": (10,), "out_bias": (1 + len(KINDS),),
    }  # fmt: skip
    generator = np.random.default_rng(seed)
    return {name: generator.normal(0, 0.3, shape).astype(np.float32) for name, shape in shapes.items()}


@pytest.mark.parametrize("name", ["word", "gram", "kind", "part", "flag", "place", "attention", "convolution2"])
def test_arrays_that_do_not_fit_each_other_are_refused(name: str) -> None:
    whole = random_arrays()
    with pytest.raises(ValueError, match=f"other shapes than they need: {name}"):
        SecondStage(whole | {name: whole[name][:-1]}, LexemeTable())


def test_a_passage_scores_the_same_alone_and_among_others() -> None:
    table = LexemeTable()
    stage, batch = SecondStage(random_arrays(), table), batch_of(POSTS, table)
    together = stage.score(batch, np.arange(len(batch.size)))
    alone = np.concatenate([stage.score(batch, np.array([row])) for row in range(len(batch.size))])
    assert together.shape == (len(batch.size), 1 + len(KINDS))
    assert np.array_equal(together, alone)  # to the last digit: a report does not depend on how posts were batched
    assert together[:, 0].std() > 0.01
    assert stage.score(batch, np.zeros(0, dtype=np.int64)).shape == (0, 1 + len(KINDS))


def test_the_order_of_words_and_the_neighbours_count() -> None:
    table = LexemeTable()
    stage = SecondStage(random_arrays(), table)
    scores = [
        stage.score(batch_of((post,), table), np.array([0]))[0, 0]
        for post in (("you buy I sell",), ("I buy you sell",), ("you buy I sell", "not true"))
    ]
    assert len({round(float(score), 4) for score in scores}) == 3


def test_words_are_looked_up_anew_when_the_table_was_emptied() -> None:
    table = LexemeTable()
    stage = SecondStage(random_arrays(), table)
    before = stage.score(batch_of(POSTS, table), np.arange(2))
    table.clear()
    assert np.array_equal(stage.score(batch_of(POSTS, table), np.arange(2)), before)


def test_the_layout_keeps_passages_apart() -> None:
    batch = batch_of(POSTS, LexemeTable())
    layout = lay_out(batch, np.arange(len(batch.size)))
    assert (np.diff(layout.starts.ravel()) >= 0).all()
    for row in range(len(batch.size)):
        inside = slice(layout.starts[row, 1], layout.starts[row, 2])
        own = layout.token[inside][layout.token[inside] >= 0]
        assert own.tolist() == list(range(batch.first[row], batch.first[row] + batch.size[row]))


def test_both_stages_are_mixed_by_their_shares() -> None:
    second = np.array([[2.0, *[0.0] * len(KINDS)]])
    assert joint_log_odds(np.array([-1.0]), second, 0.25)[0] == pytest.approx(-0.25)
    kinds = np.full((1, len(KINDS)), 1 / len(KINDS))
    kinds[0, 0] *= 3
    mixed = joint_kinds(kinds / kinds.sum(), second, 0.5)
    assert mixed.sum() == pytest.approx(1)
    assert mixed[0, 0] / mixed[0, 1] == pytest.approx(3**0.5)
    assert divided(mixed, np.array([0.9]))[0, :6].sum() == pytest.approx(0.9)


def test_reasons_of_the_shipped_model_name_the_second_stage_and_sum_to_the_score() -> None:
    model: Model = shipped_model()
    doc = blank_language().make_doc("Great quarter. You should buy NVDA before Friday. I am not sure about the rest.")
    passages = [Passage(0, 14), Passage(15, 49), Passage(50, 79)]
    (judged,) = model.judge([doc], [passages], explain_from=0.0)
    advice = judged.judgements[1]
    assert advice.probability > 0.5
    assert ORDER in [reason.words for reason in advice.reasons]
    for one in judged.judgements:
        total = sum(reason.contribution for reason in one.reasons)
        assert 1 / (1 + np.exp(-total)) == pytest.approx(one.probability, abs=1e-5)
