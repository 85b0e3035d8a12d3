"""`detector train` learns a community's own words, keeps what it knew, and refuses to forget it."""

import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from detector.authored import SHIPPED as AUTHORED
from detector.cli.app import app
from detector.engine import Detector
from detector.errors import ConfigError, ModelError
from detector.pipeline.model import Model
from detector.policy import load_policy, with_model

NAMES = ("blorp", "NVDA", "your bags", "this one", "the whole lot", "TSLA", "PLTR", "it all")
SLANG, CHATTER = "Everyone zorb {} right away.", "The zorbing of {} was quiet."


def write(path: Path, posts: list[tuple[str, str]]) -> Path:
    lines = [
        json.dumps({"id": str(n), "text": text, "passages": [{"start": 0, "end": len(text), "kind": kind}]})
        for n, (text, kind) in enumerate(posts)
    ]
    path.write_text("\n".join(lines))
    return path


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
