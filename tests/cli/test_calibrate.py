"""`detector calibrate` writes a threshold into a policy and leaves the rest of the file as it was."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from detector.cli.app import app
from detector.errors import ConfigError
from detector.policy import load_policy

POSTS = [
    ("You should buy NVDA before Friday.", "action"),
    ("Sell half of your TSLA today.", "allocation"),
    ("I bought 100 shares this morning.", "own_position"),
    ("The company reports on Tuesday.", "news_fact"),
]


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "labelled.jsonl"
    lines = [
        json.dumps({"id": str(n), "text": text, "passages": [{"start": 0, "end": len(text), "kind": kind}]})
        for n, (text, kind) in enumerate(POSTS)
    ]
    path.write_text("\n".join(lines))
    return path


def test_a_threshold_is_written_with_what_it_gives(labelled: Path, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('# ours\nname = "ours"  # kept\n')
    done = CliRunner().invoke(app, ["calibrate", str(labelled), "--recall", "1", "--write", str(policy)])
    assert done.exit_code == 0, done.output
    assert "recall 1 (95 % interval" in done.output
    threshold = load_policy(policy).recommendations.threshold
    assert threshold is not None
    assert 0 < threshold < 1
    assert '# ours\nname = "ours"  # kept\n' in policy.read_text()


def test_only_one_promise_at_a_time(labelled: Path) -> None:
    done = CliRunner().invoke(app, ["calibrate", str(labelled), "--recall", "1", "--precision", "0.9"])
    assert isinstance(done.exception, ConfigError)
    assert "choose one promise" in str(done.exception)


@pytest.mark.parametrize(("option", "level"), [("--precision", "0.9"), ("--recall", "1"), ("--alerts-per-1000", "500")])
def test_every_promise_is_written_with_its_intervals(labelled: Path, tmp_path: Path, option: str, level: str) -> None:
    policy = tmp_path / "policy.toml"
    done = CliRunner().invoke(app, ["calibrate", str(labelled), option, level, "--write", str(policy)])
    assert done.exit_code == 0, done.output
    threshold = load_policy(policy).recommendations.threshold
    assert threshold is not None
    assert threshold > 0
    (line,) = [line for line in policy.read_text().splitlines() if line.startswith("threshold")]
    assert line.count("95 % interval") == 3
