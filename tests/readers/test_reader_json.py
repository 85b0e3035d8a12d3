"""What the readers take from their samples, and what they leave out unless asked: JSON documents and lines."""

import json
from pathlib import Path

import pytest
from read_samples import fields, read_file

from detector.post import Post, Rejected
from detector.readers import Limits


def test_json_arrays_at_the_root_and_under_a_key(tmp_path: Path) -> None:
    for data in ('[{"text": "a"}, {"text": "b"}]', '{"v": 1, "data": [{"text": "a"}, {"text": "b"}]}'):
        found = read_file(tmp_path, "a.json", data)
        assert [post.text for post in found if isinstance(post, Post)] == ["a", "b"]
        assert {post.origin.format for post in found if isinstance(post, Post)} == {"json"}


def test_lines_with_arrays_inside_are_lines(tmp_path: Path) -> None:
    line = '{"text": "a", "comments": [{"text": "inner"}]}\n'
    for data in (line, line * 3):
        assert {post.origin.format for post in read_file(tmp_path, "a", data) if isinstance(post, Post)} == {"jsonl"}


def test_a_broken_element_costs_only_itself(tmp_path: Path) -> None:
    found = read_file(tmp_path, "a.json", '[{"text": "a"}, {"text": nope}, 7, {"text": "b"}, {"text": "c')
    assert [type(record).__name__ for record in found] == [
        "Post", "Rejected", "Rejected", "Post", "Rejected", "Rejected",
    ]  # fmt: skip
    assert [record.record for record in found if isinstance(record, Rejected)] == [2, 3, 5, None]


def test_json_elements_over_the_limit_or_nested_too_deep(tmp_path: Path) -> None:
    big = '{"text": "b", "x": [' + "1," * 500_000 + "1]}"
    deep = '{"text": "d", "x": ' + "[" * 100_000 + "]" * 100_000 + "}"
    found = read_file(
        tmp_path, "a.json", f'[{{"text": "a"}}, {big}, {deep}, {{"text": "z"}}]', limits=Limits(record_bytes=300_000)
    )
    assert [type(record).__name__ for record in found] == ["Post", "Rejected", "Rejected", "Post"]
    assert "longer than 300,000 bytes" in str(found[1])
    assert "nested too deep" in str(found[2])


def test_json_nested_too_deep_outside_of_its_elements(tmp_path: Path) -> None:
    (only,) = read_file(tmp_path, "a.json", '{"data": ' + '{"a": ' * 100_000, format_name="json")
    assert isinstance(only, Rejected)
    assert "nested more than" in only.reason


def test_cyclic_parents_pass_as_they_are(tmp_path: Path) -> None:
    records = [{"id": id_, "parent": parent, "text": ""} for id_, parent in ("ab", "ba", "cc")]
    data = "\n".join(map(json.dumps, records))
    found = [post for post in read_file(tmp_path, "a.jsonl", data) if isinstance(post, Post)]
    assert fields(found, "id", "parent") == [("a", "b"), ("b", "a"), ("c", "c")]


@pytest.mark.parametrize("filler", ["x", '\\"', "\\\\", "é", '{"text": "inner"},'])
def test_a_string_over_the_limit_costs_only_its_element(tmp_path: Path, filler: str) -> None:
    big = filler * 400_000 if filler[0] != "{" else json.dumps(filler * 40_000)[1:-1]
    data = f'[{{"text": "a"}}, {{"text": "{big}", "x": [1]}}, {{"text": "z"}}]'
    found = read_file(tmp_path, "a.json", data, limits=Limits(record_bytes=100_000), format_name="json")
    if filler == "\\\\":
        assert [type(record).__name__ for record in found] == ["Post", "Rejected"]
    else:
        assert [post.text for post in found if isinstance(post, Post)] == ["a", "z"]
        assert [record.record for record in found if isinstance(record, Rejected)] == [2]
