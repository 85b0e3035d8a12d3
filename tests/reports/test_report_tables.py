"""CSV, SARIF, rdjsonl and GitHub annotations: what their readers would do with them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from checked_samples import altered_post, hostile, make_run, page_comment, samples, watched, whole_file
from hypothesis import given
from hypothesis import strategies as st
from test_reports import rendered

from detector.checked import Checked
from detector.finding import Finding, Severity
from detector.post import Origin, Post
from detector.reports import sarif

SARIF_SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0-rtm.4.schema.json").read_text("utf-8"))


def table(stream: list[Checked]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(rendered("csv", stream).decode("utf-8-sig"), newline="")))


def test_a_row_a_finding() -> None:
    assert len(table(samples())) == 10
    row = table([page_comment()])[0]
    assert (row["kind"], row["probability"], row["post"], row["record"]) == ("entry_exit", "0.91", "page.txt#5", "5")


def test_edits_are_told_in_one_cell() -> None:
    assert table([altered_post()])[0]["edits"].startswith("negation: [not ] -> []; modal: [should not] -> [could]")


@given(st.text(st.characters(), max_size=12), st.sampled_from(["", "=", "+", "-", "@", "\t", "\r", " =", "＝", '"=']))
def test_no_cell_can_be_a_formula(text: str, start: str) -> None:
    text = start + text
    post = Post(text, text, text, text, text, url=text, origin=Origin(text, 1, "csv"))
    found = Finding(text, text, Severity.NOTICE, 0, len(text), text, kind=text, disclaimer=text)
    (row,) = table([Checked(post, (found,), language=text)])
    for column, cell in row.items():
        assert not cell.lstrip(" \n").startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")), column


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30))
def test_a_cell_gives_the_text_back_but_for_its_apostrophe(text: str) -> None:
    (row,) = table([Checked(Post("x", text), (Finding("r", "m", Severity.NOTICE, 0, len(text), text),))])
    assert row["text"] in {text, "'" + text}


def test_a_cell_is_no_longer_than_a_spreadsheet_keeps() -> None:
    text = "a" * 100_000
    (row,) = table([Checked(Post("x", text), (Finding("r", "m", Severity.NOTICE, 0, len(text), text),))])
    assert len(row["text"]) < 32_767


def sarif_log(stream: list[Checked]) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(rendered("sarif", stream))
    return log


def test_sarif_is_valid() -> None:
    validator = jsonschema.Draft4Validator(SARIF_SCHEMA, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)
    for log in (sarif_log(samples()), sarif_log([])):
        assert [error.message for error in validator.iter_errors(log)] == []


def test_sarif_declares_all_rules_and_each_result_s_own() -> None:
    log = sarif_log([page_comment()])["runs"][0]
    declared = [rule["id"] for rule in log["tool"]["driver"]["rules"]]
    assert declared == ["recommendation", "disclaimer_missing", "disclaimer_altered"]
    odd = Checked(Post("x", "y"), (Finding("not_declared", "m", Severity.NOTICE, 0, 1, "y"),))
    log = sarif_log([odd])["runs"][0]
    assert log["tool"]["driver"]["rules"][-1]["id"] == log["results"][0]["ruleId"] == "not_declared"


def test_sarif_fingerprints_are_stable_and_tell_posts_of_one_wording_apart() -> None:
    first, again = (sarif_log([page_comment()])["runs"][0]["results"][0] for _ in range(2))
    assert first["partialFingerprints"] == again["partialFingerprints"]
    finding = page_comment().findings[0]
    twins = [Checked(Post(name, finding.text), (finding,)) for name in "ab"]
    prints = [result["partialFingerprints"] for result in sarif_log(twins)["runs"][0]["results"]]
    assert prints[0]["finding/v1"] == prints[1]["finding/v1"]
    assert prints[0]["primaryLocationLineHash"] != prints[1]["primaryLocationLineHash"]


def test_sarif_keeps_the_worst_within_the_limit_and_says_what_it_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 3)
    run, out = make_run(), io.BytesIO()
    sarif.render(watched(run, samples()), run, out)
    log = json.loads(out.getvalue())["runs"][0]
    assert [result["level"] for result in log["results"]] == ["error", "error", "warning"]
    said = [each["message"]["text"] for each in log["invocations"][0]["toolExecutionNotifications"]]
    assert "7 less severe findings are not listed: a run holds 3" in said


def test_sarif_columns_are_code_points() -> None:
    results = sarif_log([whole_file()])["runs"][0]["results"]
    region = next(each for each in results if each["ruleId"] == "recommendation")["locations"][0]["physicalLocation"]
    assert region["artifactLocation"]["uri"] == "notes/my%20note.txt"
    assert {key: region["region"][key] for key in ("startLine", "startColumn", "endColumn")} == {
        "startLine": 2, "startColumn": 5, "endColumn": 31,
    }  # fmt: skip


def test_rdjsonl_columns_are_bytes_and_fixes_apply() -> None:
    lines = [json.loads(line) for line in rendered("rdjsonl", [whole_file()]).splitlines()]
    place = lines[0]["location"]["range"]
    assert place == {"start": {"line": 2, "column": 6}, "end": {"line": 2, "column": 32}}
    text = whole_file().post.text.encode().split(b"\r\n")[1]
    assert text[place["start"]["column"] - 1 : place["end"]["column"] - 1] == b"you should sell your PLTR."
    assert lines[1]["suggestions"][0]["range"]["start"] == {"line": 3, "column": 1}


def test_rdjsonl_gives_no_place_that_it_does_not_know() -> None:
    (line,) = (json.loads(line) for line in rendered("rdjsonl", [page_comment()]).splitlines())
    assert line["location"] == {"path": "page.txt"}
    assert line["message"].startswith("page.txt, record 5: ")
    assert "suggestions" not in line


def test_an_annotation_is_one_line_whatever_the_post_holds() -> None:
    lines = rendered("github", [hostile()]).decode().splitlines()
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)
    assert len(lines) == 4
    assert "file=../<b>evil</b>%2C 'file'.csv,title=recommendation::" in lines[0]


@given(st.text(st.characters(), max_size=30))
def test_no_text_can_begin_a_workflow_command(text: str) -> None:
    found = Finding("r", text, Severity.NOTICE, 0, len(text), text)
    said = rendered("github", [Checked(Post("x", text, origin=Origin(text, 1, "csv")), (found,))])
    assert said.count(b"\n") == 1
    assert b"\r" not in said
