"""JSON Lines and Parquet: the published schema, and one shape in both."""

from __future__ import annotations

import io
import json
from importlib.resources import files
from typing import Any

import jsonschema
import pyarrow.parquet
import pytest
from checked_samples import altered_post, clean, hostile, make_run, samples, watched
from hypothesis import given
from hypothesis import strategies as st
from test_reports import rendered

from detector.checked import Checked
from detector.finding import Finding, Severity
from detector.post import Post
from detector.reports import parquet

SCHEMA = json.loads((files("detector.reports") / "post.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def rows(stream: list[Checked]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in rendered("jsonl", stream).splitlines()]


def test_the_schema_is_a_schema() -> None:
    VALIDATOR.check_schema(SCHEMA)


@pytest.mark.parametrize("row", rows(samples()), ids=lambda row: row["id"])
def test_every_row_is_valid(row: dict[str, Any]) -> None:
    VALIDATOR.validate(row)


def test_the_schema_refuses_what_it_does_not_name() -> None:
    row = rows([altered_post()])[0]
    del row["origin"]["file"]
    row["findings"][0]["surprise"] = 1
    assert len(list(VALIDATOR.iter_errors(row))) == 2


def test_posts_without_findings_are_there_too() -> None:
    (row,) = rows([clean()])
    assert (row["schema"], row["findings"], row["disclaimer"]) == ("detector.post/1", [], None)


def test_a_finding_is_the_slice_that_it_names() -> None:
    for checked, row in zip(samples(), rows(samples()), strict=True):
        for finding in row["findings"]:
            content = checked.post.title if finding["field"] == "title" else checked.post.text
            assert (content or "")[finding["start"] : finding["end"]] == finding["text"]


def test_the_disclaimer_says_what_was_changed() -> None:
    disclaimer = rows([altered_post()])[0]["disclaimer"]
    assert (disclaimer["id"], disclaimer["integrity"], disclaimer["states"]) == (
        "ttm-community",
        "altered",
        ["altered"],
    )
    assert [edit["edit_class"] for edit in disclaimer["edits"]] == ["negation", "modal", "typo", "synonym"]


def test_each_row_is_one_line_whatever_the_post_holds() -> None:
    assert rendered("jsonl", [hostile()]).count(b"\n") == 1


@given(st.text(st.characters(), max_size=40), st.text(st.characters(), max_size=20))
def test_any_text_comes_back_as_it_was(text: str, author: str) -> None:
    """Unpaired surrogates included."""
    found = Finding("r", "m", Severity.NOTICE, 0, len(text), text)
    (row,) = rows([Checked(Post("x", text, author), (found,))])
    assert row["findings"][0]["text"] == text
    assert row["author"] == author


def test_parquet_holds_the_same_rows_and_what_made_them() -> None:
    file = rendered("parquet", samples())
    table = pyarrow.parquet.read_table(io.BytesIO(file))
    wanted = rows(samples())
    for found, row in zip(table.to_pylist(), wanted, strict=True):
        if row["id"] != "s":  # Arrow cannot hold that one's unpaired surrogates
            assert found == {"suppressed": None} | row  # JSON leaves it out where there is nothing
    assert pyarrow.parquet.read_metadata(io.BytesIO(file)).metadata[b"detector.policy"] == b"default"
    surrogate = next(row for row in table.to_pylist() if row["id"] == "s")
    assert surrogate["author"] == "Lone ?"


def test_parquet_is_written_in_row_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROWS", 4)
    run, out = make_run(), io.BytesIO()
    parquet.render(watched(run, samples()), run, out)
    assert pyarrow.parquet.ParquetFile(out).num_row_groups == 3
