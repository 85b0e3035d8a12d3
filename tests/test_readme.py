"""What the README shows works as shown."""

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from detector.__main__ import add_doors
from detector.cli.app import app
from detector.policy import load_policy

BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def blocks(root: Path, language: str) -> list[str]:
    return [code for name, code in BLOCK.findall((root / "README.md").read_text()) if name == language]


def test_python_examples_find_what_they_promise(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for code in blocks(root, "python"):
        exec(compile(code, "README.md", "exec"), {})  # noqa: S102
    shown = capsys.readouterr().out
    assert "1 entry_exit 230 is no problem, wait for the callback to buy." in shown
    assert "2 " not in shown
    assert "('You should sell your PLTR now.', 'action')" in shown


def test_every_command_and_option_shown_exists(root: Path) -> None:
    add_doors()
    commands = get_command(app).commands  # type: ignore[attr-defined]
    shown = "\n".join(blocks(root, "console"))
    lines = re.findall(
        r"\bdetector ((?:audit|check|explain|verify|verify-log|serve|train|compare|sample|estimate).*)", shown
    )
    assert len(lines) >= 8
    for line in lines:
        name, *words = shlex.split(line, comments=True)
        known = {option for parameter in commands[name].params for option in parameter.opts}
        assert {word for word in words if word.startswith("-") and len(word) > 1} <= known


def test_the_policy_shown_is_valid(root: Path, tmp_path: Path) -> None:
    (toml,) = blocks(root, "toml")
    (tmp_path / "policy.toml").write_text(toml)
    assert load_policy(tmp_path).name == "acme"


def test_links_lead_somewhere(root: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", (root / "README.md").read_text())
    assert [link for link in links if not (root / link).exists()] == []
