"""Kept runs: what is in the folder, and that it does not depend on how it came about."""

import io
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from processes import detector, outputs, write_export

from detector import readers, reports
from detector.checked import Checked, Tally
from detector.cli.exits import Exit
from detector.cli.replay import replay
from detector.cli.session import make_run, now
from detector.engine import BATCH_POSTS, SERIAL_CHARACTERS, Detector
from detector.manifest import file_checksum, read_manifest
from detector.post import Post
from detector.processes import AHEAD

TIME = "2026-09-21T14:13:20+00:00"


@pytest.fixture(autouse=True)
def _same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")


def test_the_time_can_be_fixed() -> None:
    assert now() == TIME


def test_the_manifest_accounts_for_every_record_and_file(tmp_path: Path) -> None:
    export = write_export(tmp_path / "posts.jsonl", 100)
    folder = tmp_path / "run"
    done = detector("audit", export, tmp_path / "missing.jsonl", "--run", folder, "--to", "html,csv")
    assert done.returncode == Exit.FAILURE  # a file is missing; the other was audited
    manifest = read_manifest(folder)
    counts = manifest.counts
    assert counts is not None
    assert (manifest.outcome, counts.records, counts.posts, counts.rejected) == ("complete", 103, 100, 3)
    assert [(each.file, each.posts, each.rejected) for each in manifest.records] == [
        (str(export), 100, 2), (str(tmp_path / "missing.jsonl"), 0, 1),
    ]  # fmt: skip
    assert manifest.inputs == (file_checksum(export),)
    names = ["findings.jsonl", "rejected.jsonl", "campaigns.json", "report.html", "report.csv"]
    assert [each.file for each in manifest.outputs] == names
    assert sorted(path.name for path in folder.iterdir()) == sorted([*names, "manifest.json"])
    assert f"sha256 {file_checksum(folder / 'manifest.json').sha256}" in done.stderr
    reasons = [json.loads(line)["reason"] for line in (folder / "rejected.jsonl").read_text().splitlines()]
    assert len(reasons) == 3
    assert all(reasons)


def test_any_number_of_workers_writes_the_same_bytes(tmp_path: Path) -> None:
    export = write_export(tmp_path / "posts.jsonl", 1_300)
    found = []
    for workers in ("1", "2", "3"):
        folder = tmp_path / f"run{workers}"
        detector("audit", export, "--run", folder, "--workers", workers)
        found.append(outputs(folder))
    assert found[0] == found[1] == found[2]
    assert found[0]["findings.jsonl"].count(b"\n") == 1_300


def test_a_pipe_is_shared_among_processes_in_the_order_of_its_lines() -> None:
    texts = [f"You should buy SHRT at {number}. " + "Nice weather. " * 60 for number in range(1500)]
    assert sum(map(len, texts)) > SERIAL_CHARACTERS
    lines = "\n".join(json.dumps({"id": str(number), "text": text}) for number, text in enumerate(texts))
    found = [detector("audit", "-", *more, piped=lines).stdout for more in ([], ["--workers", 1], ["--workers", 3])]
    assert found[0] == found[1] == found[2]
    assert [json.loads(line)["id"] for line in found[0].splitlines()] == [str(n) for n in range(1500)]


def test_a_slow_consumer_holds_back_reading() -> None:
    read = 0

    def posts() -> Iterator[Post]:
        nonlocal read
        for number in range(40 * BATCH_POSTS):
            read += 1
            yield Post(str(number), "Nice weather.")

    batches = Detector().examine_batches(posts(), workers=2)
    next(batches)
    time.sleep(1)  # in which the workers finish all that they have
    assert read <= (2 * AHEAD + 2) * BATCH_POSTS
    assert sum(map(len, batches)) == 39 * BATCH_POSTS


def test_the_primary_record_is_what_audit_prints(tmp_path: Path) -> None:
    export = write_export(tmp_path / "posts.jsonl", 50)
    detector("audit", export, "--run", tmp_path / "run")
    assert (tmp_path / "run" / "findings.jsonl").read_text() == detector("audit", export).stdout


def test_reports_from_the_record_are_those_made_at_once(root: Path, tmp_path: Path) -> None:
    export = root / "corpora" / "example" / "harbour_posts.jsonl"
    checked = list(Detector().examine(record for record in readers.read([export]) if isinstance(record, Post)))
    (tmp_path / "findings.jsonl").write_bytes(rendered("jsonl", checked))
    again = list(replay(tmp_path / "findings.jsonl", [each.post for each in checked]))
    for name in reports.names():
        assert rendered(name, again) == rendered(name, checked), name


def rendered(name: str, checked: list[Checked]) -> bytes:
    out, tally = io.BytesIO(), Tally()
    run = make_run(Detector(), tally, started=TIME)
    reports.load(name).render(tally.watch(checked, clock=lambda: TIME), run, out)
    return out.getvalue()


def test_the_example_has_one_campaign_of_four_accounts(root: Path, tmp_path: Path) -> None:
    export = root / "corpora" / "example" / "harbour_posts.jsonl"
    detector("audit", export, "--run", tmp_path / "run")
    content = json.loads((tmp_path / "run" / "campaigns.json").read_text())
    (campaign,) = content["campaigns"]
    assert [each["post"] for each in campaign["members"]] == ["hb-1017", "hb-1032", "hb-1045", "hb-1063"]
    assert len(campaign["authors"]) == campaign["posts"] == 4
    assert all(each["spans"] for each in campaign["members"])


def test_a_folder_with_anything_in_it_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "checkpoint.json").write_text("{}")
    done = detector("audit", write_export(tmp_path / "posts.jsonl", 5), "--run", folder)
    assert done.returncode == Exit.USAGE
    assert "is no empty folder" in done.stderr
    assert [path.name for path in folder.iterdir()] == ["checkpoint.json"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["-", "--run", "run"], "cannot be read a second time"),
        (["x.jsonl", "--run", "run", "--to", "pdf"], "no report is called"),
        (["x.jsonl", "--run", "run", "--output", "y.html"], "holds its reports itself"),
        (["--run", "run"], "nothing to audit"),
        (["--resume", "nowhere", "--run", "run"], "cannot be chosen again"),
    ],
)
def test_wrong_usage_makes_no_run(
    arguments: list[str], complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(root))
    monkeypatch.chdir(tmp_path)
    done = detector("audit", *arguments)
    assert done.returncode == Exit.USAGE
    assert complaint in done.stderr
    assert not (tmp_path / "run").exists()
