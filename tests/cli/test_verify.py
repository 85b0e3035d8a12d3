"""What `verify` proves, and what it catches."""

from pathlib import Path

import pytest
from processes import detector, write_export

from detector import compiled
from detector.cli.exits import Exit


@pytest.fixture
def run(tmp_path: Path) -> Path:
    export = write_export(tmp_path / "posts.jsonl", 60)
    assert detector("audit", export, "--run", tmp_path / "run", "--to", "html").returncode == Exit.FINDINGS
    return tmp_path / "run"


def test_an_untouched_run_holds_and_can_be_had_again(run: Path) -> None:
    done = detector("verify", run, "--again")
    assert done.returncode == Exit.CLEAN, done.stdout
    lines = done.stdout.splitlines()
    assert lines[-1] == "verified"
    assert all(line.startswith("ok ") for line in lines[:-1])
    assert "ok      again report.html: the same bytes" in lines
    assert "ok      package, model and policy: as then" in lines


@pytest.mark.skipif(compiled.sums is None, reason="nothing was compiled here")
def test_other_last_digits_are_explained(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETECTOR_COMPILED", "0")
    done = detector("verify", run, "--again")
    assert "ok      package, model and policy: as then" in done.stdout
    assert "worked out by compiled loops then and NumPy alone now, which differ in the last digits" in done.stdout


@pytest.mark.parametrize("name", ["findings.jsonl", "rejected.jsonl", "campaigns.json", "report.html"])
def test_a_changed_output_is_named(run: Path, name: str) -> None:
    content = (run / name).read_bytes()
    (run / name).write_bytes(content[:-2] + b" \n")
    done = detector("verify", run)
    assert done.returncode == Exit.FINDINGS
    assert f"FAILED  output {name}" in done.stdout
    assert done.stdout.endswith("NOT verified\n")


def test_a_dropped_record_does_not_add_up(run: Path) -> None:
    lines = (run / "findings.jsonl").read_bytes().splitlines(keepends=True)
    (run / "findings.jsonl").write_bytes(b"".join(lines[1:]))
    assert "FAILED  counts: 60 records" in detector("verify", run).stdout


def test_a_changed_and_a_missing_input_are_named(run: Path) -> None:
    export = run.parent / "posts.jsonl"
    export.write_bytes(export.read_bytes() + b"\n")
    assert f"FAILED  input {export}: sha256" in detector("verify", run).stdout
    export.unlink()
    assert f"FAILED  input {export}: cannot be read" in detector("verify", run, "--again").stdout


def test_no_run_is_no_verdict(tmp_path: Path) -> None:
    done = detector("verify", tmp_path)
    assert done.returncode == Exit.FAILURE
    assert "audit --run" in done.stderr
