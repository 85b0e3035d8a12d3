"""The command line as a user meets it: real processes, real files, exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from detector.cli.exits import Exit

ADVICE = '{"id": "1", "text": "You should buy NVDA before earnings."}\n'
TALK = '{"id": "2", "text": "Nice weather today."}\n'


def detector(*arguments: str | Path, stdin: str | bytes = "") -> subprocess.CompletedProcess[str]:
    given = stdin if isinstance(stdin, bytes) else stdin.encode()
    command = [sys.executable, "-W", "error", "-m", "detector", *map(str, arguments)]
    done = subprocess.run(command, input=given, capture_output=True, timeout=120, check=False)
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "posts.jsonl"
    path.write_text(TALK + ADVICE)
    return path


def records(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_audit_in_a_pipe_gives_json_lines_and_counts_on_standard_error(export: Path) -> None:
    done = detector("audit", export)
    clean, flagged = records(done)
    assert (clean["id"], clean["findings"]) == ("2", [])
    assert flagged["schema"] == "detector.post/1"
    assert done.returncode == Exit.FINDINGS
    assert "2 posts: 1 with findings, 1 without, 0 not judged" in done.stderr


def test_audit_of_clean_posts_exits_with_zero(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text(TALK)
    assert detector("audit", path).returncode == Exit.CLEAN


def test_audit_reads_standard_input_and_maps_fields() -> None:
    done = detector("audit", "-", "--map", "text=words,author=who", stdin='{"words": "Buy NVDA now.", "who": "ann"}\n')
    (post,) = records(done)
    assert post["author"] == "ann"
    assert post["findings"]


def test_output_file_chooses_the_report_by_its_ending(export: Path, tmp_path: Path) -> None:
    page = tmp_path / "deep" / "report.html"
    done = detector("audit", export, "--output", page)
    assert done.stdout == ""
    assert page.read_text().startswith("<!doctype html>")


def test_one_unreadable_file_loses_no_other(export: Path, tmp_path: Path) -> None:
    junk = tmp_path / "junk.bin"
    junk.write_bytes(bytes(range(256)) * 40)
    done = detector("audit", tmp_path / "missing.jsonl", junk, export)
    assert len(records(done)) == 2
    assert done.returncode == Exit.FAILURE
    assert "missing.jsonl" in done.stderr
    assert "junk.bin" in done.stderr


def test_a_truncated_line_is_named_and_the_rest_is_audited(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text(TALK + '{"id": "x", "text": "cut of\n' + ADVICE)
    done = detector("audit", path)
    assert len(records(done)) == 2
    assert done.returncode == Exit.FINDINGS
    assert "record 2" in done.stderr
    assert "3 records: 2 posts, 1 rejected" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["audit", "x", "--policy", "mars"], "eu_mar"),
        (["audit", "x", "--to", "pdf"], "jsonl"),
        (["audit", "x", "--map", "text"], "text=body"),
        (["audit", "x", "--format", "jsnl"], "jsonl"),
        (["check", "x", "--text-format", "rtf"], "markdown"),
        (["audit", "x", "--colour"], "--colour"),
    ],
)
def test_wrong_usage_is_one_clear_line_and_exit_two(arguments: list[str], complaint: str) -> None:
    done = detector(*arguments)
    assert done.returncode == Exit.USAGE
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr


def test_check_takes_an_argument_a_file_or_standard_input(tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text("You should **buy** NVDA now.")
    for done in (
        detector("check", "You should buy NVDA now."),
        detector("check", path),
        detector("check", stdin="You should buy NVDA now."),
    ):
        assert done.returncode == Exit.FINDINGS
        assert records(done)[0]["findings"]
    assert detector("check", "Nice weather.").returncode == Exit.CLEAN


def test_check_refuses_what_is_not_text() -> None:
    done = detector("check", stdin=b"\xff\xfe\x00")
    assert done.returncode == Exit.FAILURE
    assert "not UTF-8 at byte 0" in done.stderr


def test_explain_a_rule_a_kind_and_a_text() -> None:
    assert "Fires on" in detector("explain", "recommendation").stdout
    assert "urges a trade at a price" in detector("explain", "entry_exit").stdout.replace("\n", " ")
    why_not = detector("explain", "I bought NVDA yesterday.").stdout
    assert "not flagged" in why_not


def test_version_and_help() -> None:
    assert detector("--version").stdout.startswith("detector 0.")
    assert "audit" in detector("--help").stdout
