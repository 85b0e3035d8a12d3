"""What careless hands do, and what they are told."""

import csv
import json
import subprocess
from pathlib import Path

import pytest
from processes import COMMAND, detector, write_export

from detector.cli.exits import Exit


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    write_export(folder / "posts.jsonl", 20)
    return folder


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("careless")
    detector("audit", write_export(folder / "posts.jsonl", 300), "--run", folder / "run", "--workers", "1")
    return folder / "run"


@pytest.mark.parametrize("option", ["--run", "--output"])
def test_nothing_is_written_where_it_would_be_read(exports: Path, option: str) -> None:
    done = detector("audit", exports, option, exports / "kept.jsonl")
    assert done.returncode == Exit.USAGE
    assert f"kept.jsonl: lies in {exports}, which is read (write elsewhere)" in done.stderr
    assert [path.name for path in exports.iterdir()] == ["posts.jsonl"]


def test_standard_output_does_not_go_where_it_would_be_read(exports: Path) -> None:
    with (exports / "report.csv").open("wb") as out:
        done = subprocess.run(
            [*COMMAND, "audit", exports, "--to", "csv"], stdout=out, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == Exit.USAGE
    assert f"standard output: goes to {exports / 'report.csv'}, which is read" in done.stderr.decode()


def test_an_input_file_is_not_written_over(exports: Path) -> None:
    before = (exports / "posts.jsonl").read_bytes()
    done = detector("audit", exports / "posts.jsonl", "--output", exports / "../exports/posts.jsonl")
    assert done.returncode == Exit.USAGE
    assert "is an input file" in done.stderr
    assert (exports / "posts.jsonl").read_bytes() == before


def test_a_file_of_which_every_record_is_rejected_counts_as_not_read(exports: Path) -> None:
    done = detector("audit", exports, "--map", "text=bdy", "--to", "jsonl")
    assert done.returncode == Exit.FAILURE
    assert "no column 'bdy'; columns: id, text, author, created (name it: --map text=COLUMN)" in done.stderr


def test_the_summary_names_a_file_that_was_given_up_before_its_records(exports: Path) -> None:
    done = detector("audit", exports, "--map", "text=bdy", "--limits", "rejections=9", "--to", "jsonl")
    first = next(line for line in done.stderr.splitlines() if "rejected:" in line)
    assert "posts.jsonl: 9 records in a row could not be read; what follows was not tried" in first


def test_a_wrong_format_is_no_clean_audit(exports: Path) -> None:
    (exports / "posts.jsonl").write_text("id,text\n1,Buy it now.\n")
    done = detector("audit", exports, "--format", "discord")
    assert done.returncode == Exit.FAILURE
    assert "holds no record (read as discord) (it does not look like that: leave out --format" in done.stderr


def test_the_summary_says_why_records_were_left_out(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    done = detector("audit", tmp_path)
    assert done.returncode == Exit.CLEAN
    assert "1 record: 0 posts, 0 rejected, 1 left out" in done.stderr
    assert "left out: 1: the file is empty" in done.stderr


def test_a_full_disk_is_said_in_one_line(exports: Path) -> None:
    done = detector("audit", exports, "--to", "jsonl", "--output", "/dev/full")
    assert done.returncode == Exit.FAILURE
    assert "no space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_sample_makes_its_folder_and_names_what_it_cannot_write(run: Path, tmp_path: Path) -> None:
    assert detector("sample", run, "--size", 5, "-o", tmp_path / "new" / "s.csv").returncode == Exit.CLEAN
    (tmp_path / "file").touch()
    done = detector("sample", run, "--size", 5, "-o", tmp_path / "file" / "s.csv")
    assert done.returncode == Exit.USAGE
    assert "s.csv: cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def labelled(run: Path, path: Path, *options: str) -> list[dict[str, str]]:
    """The rows of a sample, with labels."""
    detector("sample", run, "--size", 20, "-o", path, *options)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row | {"label": "no"} for row in csv.DictReader(file)]


def save(path: Path, rows: list[dict[str, str]], *, encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_row_of_another_post_was_not_drawn_from_this_run(run: Path, tmp_path: Path) -> None:
    rows = labelled(run, tmp_path / "s.csv")
    rows[3]["record"] = "99999"
    done = detector("estimate", run, save(tmp_path / "moved.csv", rows))
    assert done.returncode == Exit.FAILURE
    assert "moved.csv, record 4: was not drawn from this run" in done.stderr


def test_a_doubled_row_names_the_first(run: Path, tmp_path: Path) -> None:
    rows = labelled(run, tmp_path / "s.csv")
    done = detector("estimate", run, save(tmp_path / "doubled.csv", [*rows, rows[2]]))
    assert "doubled.csv, record 21: is there twice, first as record 3 (keep one)" in done.stderr


def test_flagged_posts_have_an_option_of_their_own(run: Path, tmp_path: Path) -> None:
    path = save(tmp_path / "flagged.csv", labelled(run, tmp_path / "f.csv", "--flagged"))
    assert "give flagged posts with --flagged" in detector("estimate", run, path).stderr


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_labels_are_read_as_spreadsheets_save_them(run: Path, tmp_path: Path, encoding: str) -> None:
    rows = labelled(run, tmp_path / "s.csv")
    rows[0]["note"] = "doubtful – naïve"
    done = detector("estimate", run, save(tmp_path / "saved.csv", rows, encoding=encoding))
    assert done.returncode == Exit.CLEAN, done.stderr
    assert "20 of 20 drawn were read" in done.stdout


def test_compare_says_what_else_changed_and_which_run_is_not_whole(run: Path, tmp_path: Path) -> None:
    export = run.parent / "posts.jsonl"
    detector("audit", export, "--run", tmp_path / "eu", "--policy", "eu_mar", "--workers", "1")
    assert "between the runs changed: policy" in detector("compare", run, tmp_path / "eu").stderr
    assert "between the runs changed: nothing" in detector("compare", run, run).stderr
    manifest = json.loads((tmp_path / "eu" / "manifest.json").read_text())
    (tmp_path / "eu" / "manifest.json").write_text(json.dumps(manifest | {"outcome": "interrupted"}))
    assert "the run is interrupted; what it did not reach" in detector("compare", run, tmp_path / "eu").stderr
    nothing = detector("compare", run, export.parent)
    assert nothing.returncode == Exit.FAILURE
    assert "name a folder that `detector audit --run` wrote" in nothing.stderr


def test_verify_names_the_option_and_the_count_that_does_not_hold(run: Path, tmp_path: Path) -> None:
    manifest = json.loads((run / "manifest.json").read_text())
    changed = tmp_path / "changed"
    changed.mkdir()
    manifest["counts"]["posts"] += 1
    manifest["inputs"][0]["file"] = "gone.jsonl"
    (changed / "manifest.json").write_text(json.dumps(manifest))
    for name in ("findings.jsonl", "rejected.jsonl", "campaigns.json"):
        (changed / name).write_bytes((run / name).read_bytes())
    said = detector("verify", changed).stdout
    assert "FAILED  counts: 305 records, 300 posts" in said
    assert f"; the manifest says posts {300 + 1}" in said
    assert "gone.jsonl: cannot be read: no such file or directory (--inputs FOLDER names" in said
