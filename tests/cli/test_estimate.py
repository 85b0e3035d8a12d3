"""From labels to a number with an interval."""

import json
from pathlib import Path

import msgspec
import pytest
from processes import detector, write_export

from detector.cli.estimate import evaluate
from detector.cli.exits import Exit
from detector.cli.sample import Row, rows, write_rows
from detector.errors import InputError


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("estimate")
    export = write_export(folder / "posts.jsonl", 500)
    detector("audit", export, "--run", folder / "run", "--workers", "1")
    return folder / "run"


def labelled(run: Path, path: Path, labels: list[str], *, size: int = 100, flagged: bool = False) -> Path:
    """A sample with these labels on its first rows, and no on all others."""
    drawn = list(rows(run, size=size, seed=0, flagged=flagged))
    given = [*labels, *["no"] * (len(drawn) - len(labels))]
    write_rows((msgspec.structs.replace(row, label=label) for row, label in zip(drawn, given, strict=True)), path)
    return path


def test_everything_read_leaves_no_doubt(run: Path, tmp_path: Path) -> None:
    result = evaluate(run, labelled(run, tmp_path / "s.csv", ["yes", "action", "Y"], size=9999), None)
    assert (result.hits, result.missed.value, result.missed.low, result.missed.high) == (3, 3, 3, 3)
    assert result.read == result.unflagged


def test_a_sample_gives_an_interval_around_the_weighted_number(run: Path, tmp_path: Path) -> None:
    path = labelled(run, tmp_path / "s.jsonl", ["yes", "question", "yes"])
    first = [Row(**json.loads(line)) for line in path.read_text().splitlines()]
    result = evaluate(run, path, None)
    assert result.missed.value == pytest.approx(first[0].weight + first[2].weight)
    assert 2 <= result.missed.low < result.missed.value < result.missed.high < result.unflagged


def test_nothing_found_still_has_an_upper_limit(run: Path, tmp_path: Path) -> None:
    result = evaluate(run, labelled(run, tmp_path / "s.csv", []), None)
    assert (result.missed.value, result.missed.low) == (0, 0)
    assert 0 < result.missed.high < result.unflagged


def test_rows_without_a_label_count_as_not_drawn(run: Path, tmp_path: Path) -> None:
    full = evaluate(run, labelled(run, tmp_path / "a.csv", []), None)
    part = evaluate(run, labelled(run, tmp_path / "b.csv", [""] * 40), None)
    assert (full.read, part.read) == (100, 60)
    assert part.missed.high > full.missed.high


def test_flagged_posts_give_precision_and_recall(run: Path, tmp_path: Path) -> None:
    sample = labelled(run, tmp_path / "s.csv", ["yes"])
    flagged = labelled(run, tmp_path / "f.csv", ["yes"] * 36, size=40, flagged=True)
    result = evaluate(run, sample, flagged)
    assert result.precision is not None
    assert result.recall is not None
    assert result.precision.value == pytest.approx(0.9)
    assert 0.7 < result.precision.low < 0.9 < result.precision.high < 1
    assert result.recall.low < result.recall.value < result.recall.high <= 1
    done = detector("estimate", run, sample, "--flagged", flagged)
    assert done.returncode == Exit.CLEAN
    assert "precision (posts): 90.0%" in done.stdout
    assert json.loads(detector("estimate", run, sample, "--to", "json").stdout)["hits"] == 1


def test_a_table_as_a_spreadsheet_saves_it_is_read(run: Path, tmp_path: Path) -> None:
    path = labelled(run, tmp_path / "s.csv", ["yes"])
    expected = evaluate(run, path, None)
    table = path.read_text(encoding="utf-8-sig")
    assert ";" not in table
    path.write_text("\ufeff" + table.replace(",", ";").replace("\n", "\r\n"), encoding="utf-8")
    assert evaluate(run, path, None) == expected


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"label": "perhaps"}, "unknown label 'perhaps'"),
        ({"stratum_posts": 123_456}, "was not drawn from this run"),
        ({"stratum": "Z"}, "was not drawn from this run"),
    ],
)
def test_what_does_not_fit_the_run_is_named(
    run: Path, tmp_path: Path, change: dict[str, object], complaint: str
) -> None:
    first, *others = rows(run, size=20, seed=0, flagged=False)
    path = tmp_path / "s.csv"
    write_rows([msgspec.structs.replace(first, **change), *others], path)
    with pytest.raises(InputError, match=complaint) as caught:
        evaluate(run, path, None)
    assert caught.value.record == 1


def test_a_row_given_twice_or_no_label_at_all_is_named(run: Path, tmp_path: Path) -> None:
    path = labelled(run, tmp_path / "s.jsonl", [], size=20)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines, lines[-1]]))
    with pytest.raises(InputError, match="is there twice"):
        evaluate(run, path, None)
    with pytest.raises(InputError, match="holds no label"):
        evaluate(run, labelled(run, tmp_path / "none.csv", [""] * 20, size=20), None)
