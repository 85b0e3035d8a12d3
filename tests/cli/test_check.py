"""`detector check` over files, as editors, reviews and hooks call it."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from detector.__main__ import main
from detector.cli.exits import Exit

URGING = "You should sell your PLTR now."
POST = f"---\ntitle: News\nadvice: {URGING}\n---\nGrüße 🚀 𝒂. {URGING} Bye.\r\n\r\n> {URGING}\r\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One post with a finding, one page with one, one without."""
    (tmp_path / "a post.md").write_bytes(POST.encode())
    (tmp_path / "page.html").write_text(f"<html><body>\n<p>Nice day.</p>\n<p>Hi 🙂. {URGING}</p>\n</body></html>\n")
    (tmp_path / "clean.txt").write_text("Nice day.\n")
    return tmp_path


class Done(NamedTuple):
    returncode: int
    stdout: bytes
    stderr: bytes


Call = Callable[..., Done]


@pytest.fixture
def detector(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Call:
    """The program's own entry point, in this process: others may keep the machine too busy for many new ones."""

    def call(folder: Path, *arguments: str) -> Done:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["detector", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return Done(int(ended.value.code or 0), *capfdbinary.readouterr())

    return call


def test_files_are_checked_by_their_endings_and_places_are_places_in_the_file(detector: Call, folder: Path) -> None:
    done = detector(folder, "check", "a post.md", "page.html", "clean.txt", "--to", "rdjson")
    assert done.returncode == Exit.FINDINGS, done.stderr
    found = [each for each in json.loads(done.stdout)["diagnostics"] if each["code"]["value"] == "recommendation"]
    assert [each["location"]["path"] for each in found] == ["a post.md", "page.html"]
    for each in found:
        start, end = each["location"]["range"]["start"], each["location"]["range"]["end"]
        line = (folder / each["location"]["path"]).read_bytes().split(b"\n")[start["line"] - 1]
        assert line[start["column"] - 1 : end["column"] - 1].decode() == URGING  # UTF-8 bytes


def test_vale_counts_characters_of_the_line_and_both_ends(detector: Call, folder: Path) -> None:
    done = detector(folder, "check", "a post.md", "clean.txt", "--to", "vale")
    assert done.returncode == Exit.FINDINGS
    report = json.loads(done.stdout)
    assert list(report) == ["a post.md"]
    alert = next(each for each in report["a post.md"] if each["Check"] == "detector.recommendation")
    assert set(alert) == {
        "Action", "Span", "Check", "Description", "Link", "Message", "Severity", "Match", "Line",
    }  # fmt: skip
    line = POST.split("\n")[alert["Line"] - 1]
    assert line[alert["Span"][0] - 1 : alert["Span"][1]] == alert["Match"] == URGING


def test_sarif_and_github_name_lines_of_the_file(detector: Call, folder: Path) -> None:
    sarif = json.loads(detector(folder, "check", "page.html", "--to", "sarif").stdout)
    region = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"], region["snippet"]["text"]) == (3, 10, URGING)
    annotations = detector(folder, "check", "page.html", "--to", "github").stdout.decode()
    assert re.search(r"^::warning file=page\.html,line=3,endLine=3,col=10,endColumn=40,", annotations, re.MULTILINE)


def test_clean_files_exit_with_zero(detector: Call, folder: Path) -> None:
    for report, empty in (("vale", {}), ("rdjson", {"source": {"name": "detector"}, "diagnostics": []})):
        done = detector(folder, "check", "clean.txt", "--to", report)
        assert (done.returncode, json.loads(done.stdout)) == (Exit.CLEAN, empty)


def test_a_file_that_cannot_be_read_is_said_and_the_others_are_checked(detector: Call, folder: Path) -> None:
    (folder / "latin.md").write_bytes(b"Gr\xfc\xdfe")
    done = detector(folder, "check", "gone.md", "latin.md", "page.html", "--to", "jsonl")
    assert done.returncode == Exit.FAILURE
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["page.html"]
    assert b"gone.md: no such file" in done.stderr
    assert b"latin.md: not UTF-8 at byte 2" in done.stderr


def test_a_misspelt_name_is_not_taken_for_the_text(detector: Call, folder: Path) -> None:
    done = detector(folder, "check", "a_post.md")
    assert done.returncode == Exit.FAILURE
    assert b"a_post.md: no such file" in done.stderr


def test_authors_comments_are_honoured_and_counted_unless_the_policy_forbids(detector: Call, folder: Path) -> None:
    comment = "<!-- detector: allow recommendation, disclaimer_missing because it is an example -->"
    (folder / "note.md").write_text(f"{URGING} {comment}\n")
    done = detector(folder, "check", "note.md", "--to", "text")
    assert done.returncode == Exit.CLEAN
    assert b"2 findings were let stand by comments in the text." in done.stdout
    (folder / "policy.toml").write_text('name = "strict"\n[suppressions]\nallow = false\n')
    assert detector(folder, "check", "note.md", "--policy", "policy.toml").returncode == Exit.FINDINGS


def test_an_export_is_moderated_whatever_its_authors_write(detector: Call, tmp_path: Path) -> None:
    comment = "<!-- detector: allow recommendation, disclaimer_missing because I may -->"
    (tmp_path / "posts.jsonl").write_text(json.dumps({"id": "1", "text": f"{URGING} {comment}"}))
    done = detector(tmp_path, "audit", "posts.jsonl")
    assert done.returncode == Exit.FINDINGS
    assert "suppressed" not in json.loads(done.stdout)
    allowing = detector(tmp_path, "audit", "posts.jsonl", "--policy", "newsletter")
    assert allowing.returncode == Exit.CLEAN
    assert len(json.loads(allowing.stdout)["suppressed"]) == 2


def hook(root: Path) -> dict[str, Any]:
    (found,) = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text())
    assert isinstance(found, dict)
    return found


def run(*command: str, cwd: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """In a world of its own: no user's git settings, our `detector` first on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    own = {"PATH": path, "HOME": str(home), "PRE_COMMIT_HOME": str(home / "cache"), "GIT_CONFIG_NOSYSTEM": "1"}
    world = {**os.environ, **own}
    return subprocess.run(command, cwd=cwd, env=world, capture_output=True, text=True, timeout=300, check=False)


def test_the_hook_stops_a_commit_by_pre_commit_itself(
    folder: Path, root: Path, tmp_path_factory: pytest.TempPathFactory, program: Callable[[str], str]
) -> None:
    """The hook as published, but run from the environment at hand instead of one that pre-commit would download."""
    git, home = program("git"), tmp_path_factory.mktemp("home")
    pre_commit = str(Path(sys.executable).parent / "pre-commit")
    validated = run(pre_commit, "validate-manifest", str(root / ".pre-commit-hooks.yaml"), cwd=folder, home=home)
    assert validated.returncode == 0, validated.stdout
    own = {**hook(root), "language": "system"}
    config = {"repos": [{"repo": "local", "hooks": [own]}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    (folder / "code.py").write_text(f"# {URGING}\n")
    assert run(git, "init", "--quiet", cwd=folder, home=home).returncode == 0
    run(git, "add", ".", cwd=folder, home=home)
    stopped = run(pre_commit, "run", "--all-files", cwd=folder, home=home)
    assert stopped.returncode == 1, stopped.stdout
    assert "a post.md" in stopped.stdout
    assert "code.py" not in stopped.stdout
    for name in ("a post.md", "page.html"):
        (folder / name).write_text("Nice day.\n")
    passed = run(pre_commit, "run", "--all-files", cwd=folder, home=home)
    assert passed.returncode == 0, passed.stdout
    assert "Passed" in passed.stdout


def test_the_hooks_entry_takes_file_names_last(detector: Call, folder: Path, root: Path) -> None:
    program, *arguments = shlex.split(hook(root)["entry"])
    assert program == "detector"
    assert detector(folder, *arguments, "clean.txt").returncode == Exit.CLEAN
    assert detector(folder, *arguments, "clean.txt", "page.html").returncode == Exit.FINDINGS
