"""Training: the corpus, the folds, the figures, and the same bytes from the same data."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from detector.pipeline.model import Model
from detector.reading import KINDS
from training import metrics
from training.__main__ import app
from training.card import render_folder
from training.corpus import Corpus, read_corpus, same_post
from training.curve import costs, curve
from training.evaluate import Scored, best_threshold, by_length
from training.examples import read_examples
from training.fit import Settings, fit_calibration, fit_linear, rounded
from training.labelled import read_authored_folder
from training.run import cross_validate_file, evaluate_model, make_language, train_model

SMALL = Settings(bits=14, kinds_rounds=5)


@pytest.fixture(scope="module")
def authored(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one small authored file."""
    folder = tmp_path_factory.mktemp("authored")
    lines = (root / "corpora" / "authored" / "pairs_a.txt").read_text(encoding="utf-8")
    (folder / "pairs_a.txt").write_text(lines, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def corpus(authored: Path) -> Corpus:
    return read_corpus([], authored)


@pytest.fixture(scope="module")
def public(authored: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The authored posts in the public format, as if they had been sampled naturally from two sources."""
    path = tmp_path_factory.mktemp("public") / "posts.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        for number, post in enumerate(read_authored_folder(authored)):
            passages = [
                {"start": one.start, "end": one.end, "kind": one.kind, "target": one.target} for one in post.passages
            ]
            record = {
                "id": post.id,
                "dataset": ("one", "nonfin_two")[number % 2],
                "split": "natural",
                "text": post.text,
                "passages": passages,
            }
            lines.write(json.dumps(record) + "\n")
    return path


def test_labels_and_costs_change_what_is_learnt(authored: Path, public: Path) -> None:
    of_curve = list(curve(public, settings=SMALL, folds=2, groups=2, authored=authored))
    of_costs = list(costs(public, settings=SMALL, folds=2, authored=authored))
    assert len(of_curve) == 5
    assert len(of_costs) == 10
    assert all("AP" in line and "best F1" in line for line in of_curve + of_costs)
    figures = {line[line.index("AP") :] for line in of_costs}
    assert of_curve[3][of_curve[3].index("AP") :] in figures, "what ships is the first trial"
    assert len(figures) > 2


def test_the_same_data_and_seed_give_the_same_bytes(authored: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        list(train_model([], tmp_path / name, settings=SMALL, folds=2, authored=authored))
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == ["CARD.md", "card.json", "weights.npz"]
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert Model.load(tmp_path / "one").checksum == Model.load(tmp_path / "two").checksum


def test_the_command_trains_scores_and_checks_the_card(authored: Path, public: Path, tmp_path: Path) -> None:
    list(train_model([public], tmp_path, settings=SMALL, folds=2, authored=authored))
    lines = list(evaluate_model(public, tmp_path, segment=False))
    assert any(line.strip().startswith("average_precision") for line in lines)
    assert any(line.startswith("  nonfin_two") for line in lines)
    assert any("f1" in line for line in evaluate_model(public, tmp_path, segment=True))
    assert CliRunner().invoke(app, ["card", str(tmp_path), "--check"]).exit_code == 0
    (tmp_path / "CARD.md").write_text("stale", encoding="utf-8")
    assert CliRunner().invoke(app, ["card", str(tmp_path), "--check"]).exit_code == 1
    assert CliRunner().invoke(app, ["card", str(tmp_path)]).exit_code == 0
    assert (tmp_path / "CARD.md").read_text(encoding="utf-8") == render_folder(tmp_path)


@pytest.mark.parametrize("folds", [2, None])
def test_cross_validation_prints_figures_and_baselines(public: Path, authored: Path, folds: int | None) -> None:
    lines = list(cross_validate_file(public, settings=SMALL, folds=folds, corpus_folder=authored))
    assert sum(line.startswith("baseline:") for line in lines) == 2


def test_the_shipped_card_is_rendered_from_its_data(root: Path) -> None:
    folder = root / "detector" / "model"
    assert (folder / "CARD.md").read_text(encoding="utf-8") == render_folder(folder)


def test_the_shipped_model_is_small(root: Path) -> None:
    assert sum(path.stat().st_size for path in (root / "detector" / "model").iterdir()) < 12_000_000


def test_training_and_inference_compute_the_same_scores(corpus: Corpus) -> None:
    nlp = make_language()
    matrix = read_examples(corpus, nlp, bits=SMALL.bits).matrix
    coefficients = fit_linear(matrix, corpus, np.arange(len(corpus.passages)), SMALL)
    weights, biases = coefficients[:-1], coefficients[-1]
    small, step = rounded(weights)
    knots = np.array([[-1.0, 1.0], [-1.0, 1.0]], dtype=np.float32)
    parts = {
        "linear": small,
        "linear_step": step,
        "linear_bias": biases,
        "kinds_share": np.array([0.3]),
        "gate": np.array([-4.0]),
        "calibration": knots,
    }
    model = Model(
        {name: array if name == "linear" else array.astype(np.float32) for name, array in parts.items()},
        {"sha256": "", "threshold": 0.5},
    )
    docs = [nlp.make_doc(post.text) for post in corpus.posts]
    scores = model.score(docs, [[(one.start, one.end) for one in post.passages] for post in corpus.posts])
    shipped = small * np.abs(small.astype(np.float32)) * step
    np.testing.assert_allclose(scores.linear, matrix @ shipped + biases, atol=1e-3)
    assert np.abs(matrix @ shipped - matrix @ weights).max() < 1.0


def test_reposts_share_a_fold() -> None:
    assert same_post("BUY $AAPL at 210! https://t.co/x") == same_post("buy $aapl at 215!! https://t.co/yy")
    assert same_post("buy it") != same_post("sell it")
    assert same_post("买") == "买"


def test_folds_depend_on_the_seed_and_keep_posts_whole(corpus: Corpus) -> None:
    fold = corpus.fold(5, seed=0)
    assert set(fold.tolist()) == set(range(5))
    assert (fold != corpus.fold(5, seed=1)).any()
    for post in range(len(corpus.posts)):
        assert len(set(fold[corpus.post == post].tolist())) == 1


def test_figures_of_a_known_ranking() -> None:
    truth, score, weight = np.array([True, False, True, False]), np.array([0.9, 0.8, 0.7, 0.1]), np.ones(4)
    assert metrics.average_precision(truth, score, weight) == pytest.approx((1 + 2 / 3) / 2)
    assert metrics.best_f1(truth, score, weight) == pytest.approx(0.8)
    assert metrics.recall_at(0.9)(truth, score, weight) == 0.5
    assert metrics.precision_of(truth, score > 0.5, weight) == pytest.approx(2 / 3)
    assert metrics.recall_of(truth, score > 0.75, weight) == 0.5
    assert metrics.f1_of(truth, score > 0.5, weight) == pytest.approx(0.8)


def test_a_weight_counts_a_passage_as_often() -> None:
    truth, score = np.array([True, False, True, False]), np.array([0.9, 0.8, 0.7, 0.1])
    twice = np.array([1.0, 2.0, 1.0, 0.0])
    repeated = [0, 1, 1, 2]
    for measure in (metrics.average_precision, metrics.best_f1, metrics.calibration_error):
        assert measure(truth, score, twice) == pytest.approx(measure(truth[repeated], score[repeated], np.ones(4)))


def test_equal_scores_are_one_threshold() -> None:
    assert metrics.average_precision(np.array([True, False]), np.array([0.5, 0.5]), np.ones(2)) == 0.5


def test_an_interval_holds_its_value() -> None:
    posts = np.repeat(np.arange(50), 2)
    truth = np.arange(100) % 3 == 0
    found = metrics.figure(lambda weight: float(np.average(truth, weights=weight)), posts)
    assert found.low < found.value < found.high
    assert found == metrics.figure(lambda weight: float(np.average(truth, weights=weight)), posts)


def test_calibration_rises_and_corrects_overconfidence() -> None:
    generator = np.random.default_rng(0)
    raw = generator.normal(size=4000) * 3
    truth = generator.random(4000) < 1 / (1 + np.exp(-(raw / 2 - 1)))
    at, line = fit_calibration(raw, truth, knots=10)
    assert (np.diff(line) > 0).all()
    probability = 1 / (1 + np.exp(-np.interp(raw, at, line)))
    assert metrics.calibration_error(truth, probability, np.ones(4000)) < 0.03


def test_rounded_weights_keep_small_ones_apart() -> None:
    weights = np.array([[1.0], [0.001], [-0.5], [0.0]])
    small, step = rounded(weights)
    back = np.sign(small) * small.astype(float) ** 2 * step
    np.testing.assert_allclose(back, weights, atol=0.01)
    assert back[1, 0] > 0


def test_every_kind_has_an_example_in_the_authored_corpus(root: Path) -> None:
    found = {one.kind for post in read_authored_folder(root / "corpora" / "authored") for one in post.passages}
    assert found >= set(KINDS)


def _scored(probability: list[float], truth: list[bool], dataset: list[str]) -> Scored:
    count = len(probability)
    return Scored(
        np.array(truth), np.where(truth, 0, KINDS.index("other")), np.array(probability),
        np.full((count, len(KINDS)), 1 / len(KINDS)), np.arange(count), np.array(dataset), np.full(count, 50),
    )  # fmt: skip


def test_the_threshold_leaves_non_financial_posts_alone() -> None:
    probability = [0.9, 0.8, 0.7, 0.4, 0.35, 0.1]
    truth = [True, True, True, True, False, False]
    financial = _scored(probability, truth, ["one"] * 6)
    assert 0.35 < best_threshold(financial) <= 0.4
    alarming = _scored([*probability, 0.75], [*truth, False], ["one"] * 6 + ["nonfin_two"])
    assert 0.75 <= best_threshold(alarming) <= 0.8
    quiet = _scored([*probability, 0.2], [*truth, False], ["one"] * 6 + ["nonfin_two"])
    assert best_threshold(quiet) == best_threshold(financial)


def test_figures_are_parted_by_length() -> None:
    rows = by_length(_scored([0.9] * 6, [True] * 6, ["one"] * 6), 0.5)
    assert rows["30 to 59"]["recommendations"] == 6
    assert rows["30 to 59"]["f1"] == 1
    assert sum(row["passages"] for row in rows.values()) == 6
