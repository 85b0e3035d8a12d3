"""Posts drawn for reading: from every stratum, each once, none that was flagged."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from processes import detector, write_export

from detector.cli.exits import Exit
from detector.cli.sample import Row, rows

POSTS = 600
CHINESE = "大家赶紧买入英伟达，明天就要涨停了，错过这次机会你会后悔的。"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    export = write_export(folder / "posts.jsonl", POSTS)
    with export.open("a") as file:
        file.write(json.dumps({"id": "formula", "text": "=1+1 is what they teach you."}) + "\n")
        file.write(json.dumps({"id": "zh", "text": CHINESE}) + "\n")
    detector("audit", export, "--run", folder / "run", "--workers", "1")
    return folder / "run"


def records(run: Path) -> dict[str, dict[str, Any]]:
    lines = (run / "findings.jsonl").read_text().splitlines()
    return {record["id"]: record for record in map(json.loads, lines)}


def test_only_judged_posts_without_a_recommendation_are_drawn(run: Path) -> None:
    drawn = list(rows(run, size=100, seed=1, flagged=False))
    known = records(run)
    assert len(drawn) == len({row.post for row in drawn}) == 100
    assert not any(finding["kind"] for row in drawn for finding in known[row.post]["findings"])
    assert "zh" not in {row.post for row in drawn}
    texts = {each["id"]: each["text"] for each in map(json.loads, _whole_lines(run))}
    assert all(row.text == texts[row.post] for row in drawn)


def _whole_lines(run: Path) -> list[str]:
    return [line for line in (run.parent / "posts.jsonl").read_text().splitlines() if line.endswith("}")]


def test_weights_add_up_to_all_unflagged_posts(run: Path) -> None:
    drawn = list(rows(run, size=80, seed=1, flagged=False))
    unflagged = [
        each
        for each in records(run).values()
        if not any(found["kind"] for found in each["findings"]) and each["id"] != "zh"
    ]
    assert sum(row.weight for row in drawn) == pytest.approx(len(unflagged))
    assert Counter(row.stratum for row in drawn) == {row.stratum: row.drawn for row in drawn}
    assert len({row.created for row in drawn}) > 4  # months are spread


def test_a_seed_draws_the_same_and_another_seed_others(run: Path) -> None:
    def ids(seed: int) -> list[str]:
        return [row.post for row in rows(run, size=50, seed=seed, flagged=False)]

    assert ids(1) == ids(1)
    assert ids(1) != ids(2)


def test_more_than_there_are_is_all_of_them(run: Path) -> None:
    drawn = list(rows(run, size=10_000, seed=0, flagged=False))
    assert {row.weight for row in drawn} == {1.0}
    flagged = list(rows(run, size=10_000, seed=0, flagged=True))
    assert len(drawn) + len(flagged) == POSTS + 1


def test_a_spreadsheet_gets_no_formula_and_jsonl_the_text_itself(run: Path, tmp_path: Path) -> None:
    for name in ("all.csv", "all.jsonl"):
        assert detector("sample", run, "--size", "9999", "-o", tmp_path / name).returncode == Exit.CLEAN
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        table = {row["post"]: row for row in csv.DictReader(file)}
    lines = {row["post"]: row for row in map(json.loads, (tmp_path / "all.jsonl").read_text().splitlines())}
    assert table["formula"]["text"] == "'=1+1 is what they teach you."
    assert lines["formula"]["text"] == "=1+1 is what they teach you."
    assert list(lines["formula"]) == list(table["formula"]) == list(Row.__struct_fields__)


def test_labels_are_never_overwritten(run: Path, tmp_path: Path) -> None:
    path = tmp_path / "sample.csv"
    path.write_text("label\nyes\n")
    done = detector("sample", run, "--output", path)
    assert done.returncode == Exit.USAGE
    assert path.read_text() == "label\nyes\n"
    assert detector("sample", run, "--output", tmp_path / "sample.xlsx").returncode == Exit.USAGE
