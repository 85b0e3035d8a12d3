"""Model files: read, checked, refused; and scores that the arrays alone decide."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from spacy.lang.en import English

from detector.errors import ModelError
from detector.pipeline.model import CARD, VERSION, WEIGHTS, Judged, Model, kind_probabilities
from detector.pipeline.shipped import SHIPPED
from detector.reading import KINDS, RECOMMENDATION_KINDS, TARGETS, Passage
from training.save import archive, save_model

NLP = English()
TEXTS = ["You should buy NVDA now. It is cheap. I bought some.", "Why? No idea.", ""]
PASSAGES = [
    [Passage(0, 24), Passage(25, 37), Passage(38, 52, "quote")], [Passage(0, 4), Passage(5, 13)], [],
]  # fmt: skip


def arrays(*, seed: int = 0) -> dict[str, np.ndarray]:
    """A model of random weights."""
    outputs = 1 + len(KINDS) + len(TARGETS)
    generator = np.random.default_rng(seed)
    return {
        "linear": generator.integers(-20, 20, size=(1 << 10, outputs)).astype(np.int8),
        "linear_step": np.full(outputs, 0.001, dtype=np.float32),
        "linear_bias": generator.normal(size=outputs).astype(np.float32),
        "kinds_share": np.array([0.3], dtype=np.float32),
        "gate": np.array([0.0], dtype=np.float32),
        "calibration": np.array([[-3, 0, 3], [-4, -1, 2]], dtype=np.float32),
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_model(tmp_path, arrays(), {"threshold": 0.3})
    return tmp_path


def test_a_saved_model_loads_and_judges_claims_only(folder: Path) -> None:
    model = Model.load(folder)
    judged = model.judge([NLP.make_doc(text) for text in TEXTS], PASSAGES)
    assert [[(one.start, one.end) for one in of_doc.judgements] for of_doc in judged] == [
        [(0, 24), (25, 37)],
        [(0, 4), (5, 13)],
        [],
    ]
    for one in (one for of_doc in judged for one in of_doc.judgements):
        assert sum(one.kinds.values()) == pytest.approx(1, abs=1e-5)
        assert sum(one.kinds[kind] for kind in RECOMMENDATION_KINDS) == pytest.approx(one.probability, abs=1e-5)
        assert one.recommendation_kind in RECOMMENDATION_KINDS
        assert (one.kind in RECOMMENDATION_KINDS) == (one.probability >= 0.5)
        assert one.target in TARGETS
        assert one.reasons == ()


def test_what_is_less_likely_than_asked_for_gets_no_judgement_but_counts_for_the_score(folder: Path) -> None:
    model, docs = Model.load(folder), [NLP.make_doc(text) for text in TEXTS]
    whole = model.judge(docs, PASSAGES)
    chances = sorted(one.probability for of_doc in whole for one in of_doc.judgements)
    some = model.judge(docs, PASSAGES, judge_from=chances[1])
    assert [of_doc.score for of_doc in some] == pytest.approx([of_doc.score for of_doc in whole])
    for of_doc, part in zip(whole, some, strict=True):
        expected = [(one.start, one.kind) for one in of_doc.judgements if one.probability >= chances[1]]
        assert [(one.start, one.kind) for one in part.judgements] == expected
    bounds = [[(one.start, one.end) for one in of_doc] for of_doc in PASSAGES]
    assert 0 < len(model.score(docs, bounds, everything=False).rows) < sum(map(len, bounds))


def test_reasons_sum_to_the_log_odds_and_name_the_words(folder: Path) -> None:
    model = Model.load(folder)
    docs = [NLP.make_doc(text) for text in TEXTS]
    scores = model.score(docs, [[(one.start, one.end) for one in of_doc] for of_doc in PASSAGES])
    judged = model.judge(docs, PASSAGES, explain_from=0.0)
    reasons = judged[0].judgements[0].reasons
    assert sum(reason.contribution for reason in reasons) == pytest.approx(float(scores.log_odds[0]), abs=1e-4)
    assert {"You", "should", "buy", "NVDA", "now."} <= {reason.words for reason in reasons}


def test_no_docs_and_docs_without_passages_are_fine(folder: Path) -> None:
    model = Model.load(folder)
    assert model.judge([], []) == []
    assert model.judge([NLP.make_doc("Buy")], [[]]) == [Judged((), None)]


def test_the_same_arrays_give_the_same_bytes() -> None:
    assert archive(arrays()) == archive(arrays())
    assert archive(arrays()) != archive(arrays(seed=1))


def test_another_byte_is_refused(folder: Path) -> None:
    data = bytearray((folder / WEIGHTS).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / WEIGHTS).write_bytes(data)
    with pytest.raises(ModelError, match="checksum"):
        Model.load(folder)


def test_another_version_is_refused(folder: Path) -> None:
    card = json.loads((folder / CARD).read_text())
    (folder / CARD).write_text(json.dumps({**card, "version": VERSION + 1}))
    with pytest.raises(ModelError, match="version"):
        Model.load(folder)


@pytest.mark.parametrize("name", [WEIGHTS, CARD])
def test_a_missing_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        Model.load(folder)


def test_an_archive_without_an_array_is_refused(tmp_path: Path) -> None:
    save_model(tmp_path, {name: array for name, array in arrays().items() if name != "linear"}, {"threshold": 0.3})
    with pytest.raises(ModelError, match="lacks"):
        Model.load(tmp_path)


@pytest.mark.parametrize("name", ["linear", "linear_step", "linear_bias"])
def test_arrays_that_do_not_fit_each_other_are_refused(tmp_path: Path, name: str) -> None:
    cut = {name: arrays()[name][..., :-2]}
    save_model(tmp_path, arrays() | cut, {"threshold": 0.3})
    with pytest.raises(ModelError, match="shape"):
        Model.load(tmp_path)


def test_kind_probabilities_are_a_softmax_of_the_kind_outputs() -> None:
    linear = np.zeros((1, 1 + len(KINDS) + len(TARGETS)), dtype=np.float32)
    linear[0, 3] = np.log(15)
    assert kind_probabilities(linear)[0, 2] == pytest.approx(0.5)


def test_the_shipped_model_knows_the_easy_cases() -> None:
    model = Model.load(SHIPPED)
    texts = [
        "Buy NVDA now!",
        "You should sell your PLTR.",
        "I bought 100 shares.",
        "Should I buy?",
        "Nice weather today.",
    ]
    judged = model.judge([NLP.make_doc(text) for text in texts], [[Passage(0, len(text))] for text in texts])
    probabilities = [one.score for one in judged]
    assert [probability >= model.threshold for probability in probabilities] == [True, True, False, False, False]
    assert judged[2].judgements[0].kind == "own_position"
    assert judged[3].judgements[0].kind == "question"
