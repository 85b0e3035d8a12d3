"""Two audits side by side, on records made by hand."""

import io
import json
from pathlib import Path

from processes import detector

from detector.checked import Checked, Run
from detector.cli.compare import differences
from detector.cli.exits import Exit
from detector.finding import Finding, Severity
from detector.post import Origin, Post
from detector.reports import jsonl


def checked(name: str, text: str, *, record: int = 1, severity: Severity = Severity.WARNING, p: float = 0.9) -> Checked:
    found = Finding("recommendation", "m", severity, 0, 3, text[:3], kind="action", probability=p)
    return Checked(Post(name, text, origin=Origin("posts.jsonl", record)), (found,))


def write(path: Path, *posts: Checked, policy: str = "p") -> Path:
    out = io.BytesIO()
    jsonl.render(posts, Run("1", "m", "default", policy, ""), out)
    path.write_bytes(out.getvalue())
    return path


def changes(old: Path, new: Path) -> list[tuple[str, str]]:
    return [(each.change, each.place.post) for each in differences(old, new)]


def test_new_gone_and_changed(tmp_path: Path) -> None:
    old = write(tmp_path / "old.jsonl", checked("a", "Buy A."), checked("b", "Buy B."), checked("c", "Buy C."))
    new = write(
        tmp_path / "new.jsonl",
        checked("d", "Buy D."),
        checked("c", "Buy C.", severity=Severity.ERROR),
        checked("a", "Buy A."),
    )
    assert changes(old, new) == [("new", "d"), ("changed", "c"), ("gone", "b")]
    assert changes(old, old) == []


def test_another_place_in_the_export_or_another_policy_is_no_difference(tmp_path: Path) -> None:
    old = write(tmp_path / "old.jsonl", checked("a", "Buy A.", record=1))
    assert changes(old, write(tmp_path / "new.jsonl", checked("moved", "Buy A.", record=9), policy="other")) == []


def test_a_probability_changes_when_it_reads_differently(tmp_path: Path) -> None:
    old = write(tmp_path / "old.jsonl", checked("a", "Buy A.", p=0.901), checked("b", "Buy B.", p=0.80))
    new = write(tmp_path / "new.jsonl", checked("a", "Buy A.", p=0.899), checked("b", "Buy B.", p=0.83))
    (difference,) = differences(old, new)
    assert (difference.before, difference.after) == ({"probability": 0.8}, {"probability": 0.83})


def test_a_text_posted_more_often_is_new_once_for_each_time(tmp_path: Path) -> None:
    old = write(tmp_path / "old.jsonl", checked("a", "Buy A."))
    new = write(tmp_path / "new.jsonl", *(checked(name, "Buy A.") for name in "abc"))
    assert changes(old, new) == [("new", "b"), ("new", "c")]
    assert changes(new, old) == [("gone", "b"), ("gone", "c")]


def test_the_command_prints_text_or_json_and_says_by_exit_code(tmp_path: Path) -> None:
    old = write(tmp_path / "old.jsonl", checked("a", "Buy A."))
    new = write(tmp_path / "new.jsonl", checked("b", "Buy B."))
    done = detector("compare", old, new)
    assert done.returncode == Exit.FINDINGS
    assert done.stdout.endswith("1 new, 1 gone, 0 changed\n")
    done = detector("compare", old, new, "--to", "json")
    assert [json.loads(line)["change"] for line in done.stdout.splitlines()] == ["new", "gone"]
    assert detector("compare", old, old).returncode == Exit.CLEAN


def test_an_id_cannot_drive_the_terminal(tmp_path: Path) -> None:
    old = write(tmp_path / "old.jsonl")
    done = detector("compare", old, write(tmp_path / "new.jsonl", checked("\x1b[2J\ud800", "Buy A.")))
    assert "post \\u001b[2J\\ud800, text 0-3" in done.stdout


def test_what_is_no_record_is_named(tmp_path: Path) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text('{"id": 1}\n')
    done = detector("compare", path, path)
    assert done.returncode == Exit.FAILURE
    assert "other.jsonl, record 1: not of the schema detector.post/1" in done.stderr
