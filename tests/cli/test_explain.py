"""`detector explain` says why a passage is flagged and, if not, which of all reasons applied."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from detector.cli.app import app


def explain(text: str, *arguments: str) -> str:
    done = CliRunner().invoke(app, ["explain", text, *arguments], env={"COLUMNS": "300"})
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def narrow(tmp_path: Path) -> Path:
    path = tmp_path / "policy.toml"
    path.write_text('name = "narrow"\n[recommendations]\nkinds = ["guarantee"]\n')
    return path


def test_a_flagged_passage_has_words_definition_and_examples() -> None:
    said = explain("You should sell your PLTR now.")
    assert "flagged as action" in said
    assert "tells or advises readers to buy, sell, short, hold or avoid" in said
    assert "like: " in said
    assert "but " in said


def test_below_the_threshold_it_says_what_is_missing() -> None:
    said = explain("I bought NVDA yesterday.")
    assert "is below the threshold of" in said
    assert "would have to add +" in said


def test_what_the_policy_leaves_out_is_named(narrow: Path) -> None:
    assert "leaves out the kind `action`" in explain("You should sell your PLTR now.", "--policy", str(narrow))


def test_what_is_not_the_author_s_claim_is_named() -> None:
    said = explain("> You should sell your PLTR now.\n\nNice weather.")
    assert "somebody else's words" in said


def test_a_language_that_is_not_judged_is_named() -> None:
    assert "reads as `zh`" in explain("大家赶紧买入英伟达，明天一定会涨，不要错过这个机会。")
