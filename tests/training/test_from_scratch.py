"""The commands of `python -m training`, as far as they only put others together."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from training.__main__ import LESSONS, app


@pytest.mark.parametrize("lessons", [None, "elsewhere"])
def test_from_scratch_is_teaching_and_then_training_on_its_lessons(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lessons: str | None
) -> None:
    done: list[tuple[str, object]] = []

    def teach(_public: object, _pool: object, folder: Path, **_: object) -> Iterator[str]:
        done.append(("teach", folder))
        yield "taught"

    def train_model(_public: object, _out: object, *, lessons: Path | None, **_: object) -> Iterator[str]:
        done.append(("train", lessons))
        yield "trained"

    stand_in = ModuleType("training.teach")  # the real one needs PyTorch
    stand_in.teach = stand_in.teach_without = teach  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "training.teach", stand_in)
    monkeypatch.setattr("training.run.train_model", train_model)
    (tmp_path / "pool.gz").touch()
    named = [] if lessons is None else ["--lessons", str(tmp_path / lessons)]
    command = ["train", "--teach", "--pool", str(tmp_path / "pool.gz"), "--out", str(tmp_path), *named]
    run = CliRunner().invoke(app, command)
    folder = LESSONS if lessons is None else tmp_path / lessons
    assert run.stdout.split() == ["taught", "trained"], run.output
    assert done == [("teach", folder), ("train", folder)]


def test_a_missing_pool_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "training.teach", stand_in := ModuleType("training.teach"))
    stand_in.teach = stand_in.teach_without = None  # type: ignore[attr-defined]
    run = CliRunner().invoke(app, ["train", "--teach", "--pool", "none.gz", "--out", str(tmp_path)])
    assert run.exit_code == 2
    assert "none.gz is no file" in run.output
