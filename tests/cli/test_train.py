"""`detector train` learns a community's own words, keeps what it knew, and refuses to forget it."""

import gzip
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from detector.authored import SHIPPED as AUTHORED
from detector.cli.app import app
from detector.engine import Detector
from detector.errors import ConfigError, ModelError
from detector.pipeline.model import Model
from detector.pipeline.shipped import SHIPPED
from detector.policy import load_policy, with_model
from training.labelled import read_authored

NAMES = ("blorp", "NVDA", "your bags", "this one", "the whole lot", "TSLA", "PLTR", "it all")
SLANG, CHATTER = "Everyone zorb {} right away.", "The zorbing of {} was quiet."


def write(path: Path, posts: list[tuple[str, str]]) -> Path:
    lines = [
        json.dumps({"id": str(n), "text": text, "passages": [{"start": 0, "end": len(text), "kind": kind}]})
        for n, (text, kind) in enumerate(posts)
    ]
    path.write_text("\n".join(lines))
    return path


def arrays_of(model: Path) -> dict[str, np.ndarray]:
    with np.load(model / "weights.npz") as arrays:
        return dict(arrays)


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    pairs = [(SLANG.format(name), "action") for name in NAMES] + [(CHATTER.format(name), "other") for name in NAMES]
    return write(tmp_path / "labels.jsonl", pairs * 3)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "base.jsonl"
    path.write_text("\n".join(gzip.decompress(AUTHORED.read_bytes()).decode().splitlines()[::12]))
    return path


def test_a_community_s_own_verb_is_learnt(labels: Path, base: Path, tmp_path: Path) -> None:
    out = tmp_path / "ours"
    command = ["train", "--add", str(labels), "--out", str(out), "--base", str(base), "--allow-worse"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert "before" in done.output
    card = json.loads((out / "card.json").read_text())
    assert card["adapted"]["base_model"] == Detector().model.checksum
    assert card["adapted"]["figures"]["new_after"]["f1"] > card["adapted"]["figures"]["new_before"]["f1"]
    assert card["adapted"]["base_model"] in (out / "CARD.md").read_text()
    text = SLANG.format("AMD")
    (tmp_path / "policy.toml").write_text('name = "ours"\nmodel = "ours"\n')
    for policy in (with_model(load_policy(), out), load_policy(tmp_path / "policy.toml")):
        assert [one.kind for one in Detector(policy).check_text(text)]
    assert not Detector().check_text(text)


def test_a_model_that_got_worse_is_not_written(base: Path, tmp_path: Path) -> None:
    posts = [json.loads(line) for line in base.read_text().splitlines()]
    wrong = [
        (post["text"][one["start"] : one["end"]], "other" if "target" in one else "action")
        for post in posts
        for one in post["passages"]
    ]
    labels, out = write(tmp_path / "wrong.jsonl", wrong), tmp_path / "out"
    done = CliRunner().invoke(app, ["train", "--add", str(labels), "--out", str(out), "--base", str(base)])
    assert isinstance(done.exception, ConfigError)
    assert "base set is judged worse" in str(done.exception)
    assert not out.exists()


def test_labels_of_one_side_teach_nothing(base: Path, tmp_path: Path) -> None:
    labels = write(tmp_path / "labels.jsonl", [("Buy it.", "action")])
    done = CliRunner().invoke(app, ["train", "--add", str(labels), "--base", str(base)])
    assert isinstance(done.exception, ModelError)


def test_a_changed_model_is_refused(labels: Path, base: Path, tmp_path: Path) -> None:
    out = tmp_path / "ours"
    command = ["train", "--add", str(labels), "--out", str(out), "--base", str(base), "--allow-worse"]
    CliRunner().invoke(app, command)
    data = bytearray((out / "weights.npz").read_bytes())
    data[-1] ^= 1
    (out / "weights.npz").write_bytes(data)
    with pytest.raises(ModelError, match="checksum"):
        Model.load(out)


def test_a_kept_run_names_its_model_in_its_policy(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["audit", "x.jsonl", "--run", str(tmp_path / "run"), "--model", "ours"])
    assert isinstance(done.exception, ConfigError)
    assert "policy" in str(done.exception)


@pytest.fixture
def allotment(root: Path, tmp_path: Path) -> Path:
    """An invented community with words of its own for trades, and the same words about beans."""
    path = tmp_path / "allotment.jsonl"
    posts = read_authored(root / "tests/samples/allotment.txt")
    path.write_text("\n".join(json.dumps(asdict(post)) for post in posts))
    return path


def test_a_community_s_jargon_is_learnt_and_nothing_forgotten(allotment: Path, base: Path, tmp_path: Path) -> None:
    """Written without `--allow-worse`; better on posts that the correction did not see."""
    out = tmp_path / "ours"
    done = CliRunner().invoke(app, ["train", "--add", str(allotment), "--out", str(out), "--base", str(base)])
    assert done.exit_code == 0, done.output
    figures = json.loads((out / "card.json").read_text())["adapted"]["figures"]
    assert figures["new_after"]["f1"] > figures["new_before"]["f1"] + 0.05
    assert figures["new_after"]["average_precision"] > figures["new_before"]["average_precision"] - 0.03  # it was high
    before, after = map(arrays_of, (SHIPPED, out))
    changed = {"linear", "linear_bias", "linear_step"}
    assert set(before) == set(after)
    assert all(np.array_equal(before[name], after[name]) for name in set(before) - changed)
    assert np.array_equal(before["linear"][:, 1:], after["linear"][:, 1:])


def test_what_the_console_exports_can_be_added(labels: Path, base: Path, tmp_path: Path) -> None:
    """A decision a line, with facts of its own; one of them on a post that was erased since."""
    title, gap = "Hello", "\n\n"
    lines = [
        record
        | {"dataset": "review", "split": "natural", "sha256": "ab" * 32, "decision": number, "action": "reject"}
        | {
            "text": title + gap + record["text"],
            "passages": [
                {"start": 7, "end": 7 + one["end"], "kind": one["kind"], "target": None, "unsure": number % 2 == 0}
                for one in record["passages"]
            ],
        }
        for number, record in enumerate(map(json.loads, labels.read_text().splitlines()))
    ]
    del lines[0]["text"]
    path, out = tmp_path / "console.jsonl", tmp_path / "ours"
    path.write_text("\n".join(map(json.dumps, lines)))
    done = CliRunner().invoke(
        app, ["train", "--add", str(path), "--out", str(out), "--base", str(base), "--allow-worse"]
    )
    assert done.exit_code == 0, done.output
    assert "1 labelled posts are without text" in done.stderr
    assert json.loads((out / "card.json").read_text())["adapted"]["posts"] == len(lines) - 1
