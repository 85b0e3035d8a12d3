"""The wheel alone, in an empty environment: a missing dependency or file shows here and nowhere else."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

LARGEST_WHEEL = 15 * 1024 * 1024


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder, root)
    (built,) = folder.glob("*.whl")
    return built


def run(*command: str | Path, cwd: Path | None = None) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd=cwd, timeout=600, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout


def test_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size < LARGEST_WHEEL


def test_wheel_audits_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", tmp_path / "venv")
    python = tmp_path / "venv/bin/python"
    run(python, "-m", "pip", "install", "--quiet", wheel)
    (tmp_path / "posts.jsonl").write_text('{"id": "1", "text": "You should buy NVDA before earnings."}\n')
    command = tmp_path / "venv/bin/detector"
    (line,) = run(command, "audit", "posts.jsonl", "--to", "jsonl", cwd=tmp_path).splitlines()
    assert json.loads(line)["findings"][0]["rule"] == "recommendation"
    assert "<!doctype html>" in run(command, "audit", "posts.jsonl", "--to", "html", cwd=tmp_path)
