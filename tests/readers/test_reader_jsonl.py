"""JSON Lines: fields, quarantine, hostile lines."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.post import Origin, Post, Rejected
from detector.readers import Limits, read
from detector.readers.base.contract import Options, Sample, Source
from detector.readers.jsonl import read as read_jsonl

SAMPLES = Path(__file__).parent / "samples"
GOOD = b'{"id": "ok", "text": "fine"}\n'


def read_bytes(data: bytes, **options: object) -> list[Post | Rejected]:
    import io

    sample = Sample("a.jsonl", data[:65536], whole=len(data) < 65536)
    return list(read_jsonl(Source("a.jsonl", io.BytesIO(data), sample, Options(**options), "jsonl")))  # type: ignore[arg-type]


def test_sample() -> None:
    first, second = read([SAMPLES / "jsonl.jsonl"])
    file = str(SAMPLES / "jsonl.jsonl")
    assert first == Post(
        id="a1",
        text="Sold my harbour units today.",
        author="mei",
        created="2024-02-29T10:00:00+08:00",
        origin=Origin(file, 1, "jsonl"),
        extra={"symbols": "SHRT"},
    )
    assert isinstance(second, Post)
    assert (second.author, second.created, second.parent, second.text) == (
        "uncle_lim", "1709172000", "a1", "Café talk 🚀 only",
    )  # fmt: skip


def test_own_field_names_also_nested() -> None:
    data = b'{"words": {"said": "buy"}, "who": "mei", "text": "not this"}'
    (post,) = read_bytes(data, field_map={"text": "words.said", "author": "who"})
    assert isinstance(post, Post)
    assert (post.text, post.author, post.id) == ("buy", "mei", "a:1")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": "2", "text": "cut o', "cut off at character 21"),
        (b'{"id": "2", "text": ', "cut off"),
        (b'{"id": "2" "text": "x"}', "broken"),
        (b'{"id": "2", "text": "a\xffb"}', "byte 23 of the record (0xff) is not valid text"),
        (b"[1, 2]", "holds a JSON list, not an object"),
        (b"3", "holds a JSON int"),
        (b'{"id": "2", "words": "x"}', "no column with the post's text; columns: id, words"),
        (b'{"id": "2", "text": 5}', "'text' holds a int, not text"),
        (b'{"text": "buy now", "text": "hello"}', "gives 'text' twice"),
        (b'{"text": "buy now", "\\u0074ext": "hello"}', "gives 'text' twice"),
        (b'{"text": "half \\ud83d of a pair"}', "half of a surrogate pair (\\ud83d)"),
        (b'{"text": "x", "id": "\\udc00"}', "half of a surrogate pair"),
        (b'{"text": "x", "deep": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deep"),
        (b'{"text": "x", "big": 1' + b"0" * 5000 + b".0e}", "broken"),
    ],
)
def test_a_bad_line_costs_only_itself(line: bytes, reason: str) -> None:
    before, bad, after = read_bytes(GOOD + line + b"\n" + GOOD)
    assert isinstance(before, Post)
    assert isinstance(after, Post)
    assert isinstance(bad, Rejected)
    assert reason in bad.reason
    assert (bad.file, bad.record) == ("a.jsonl", 2)


def test_a_column_that_is_mapped_but_absent() -> None:
    (bad,) = read_bytes(GOOD, field_map={"text": "words"})
    assert str(bad) == "a.jsonl, record 1: no column 'words'; columns: id, text (name it: --map text=COLUMN)"


def test_text_is_kept_exactly() -> None:
    for text in ("", " \t\r\n x \n", "nul \0 here", "\u200bzero\u202e", "e\u0301", "👨‍👩‍👧", "&amp; <b>"):
        (post,) = read_bytes(json.dumps({"text": text}).encode())
        assert isinstance(post, Post)
        assert post.text == text


def test_raw_control_characters_and_null_text_are_read() -> None:
    first, second = read_bytes(b'{"text": "nul \0 tab \t"}\n{"id": "2", "text": null}\n')
    assert isinstance(first, Post)
    assert isinstance(second, Post)
    assert (first.text, second.text) == ("nul \0 tab \t", "")


def test_a_five_megabyte_post_on_one_line_is_read() -> None:
    (post,) = read_bytes(json.dumps({"text": "buy " * 1_250_000}).encode())
    assert isinstance(post, Post)
    assert len(post.text) == 5_000_000


def test_a_line_over_the_limit_is_quarantined_without_being_held() -> None:
    limits = Limits(record_bytes=1000)
    data = GOOD + b'{"text": "' + b"x" * 5_000_000 + b'"}\n' + GOOD
    before, bad, after = read_bytes(data, limits=limits)
    assert isinstance(before, Post)
    assert isinstance(bad, Rejected)
    assert bad.record == 2
    assert "longer than 1,000 bytes" in bad.reason
    assert isinstance(after, Post)


def test_byte_order_marks(tmp_path: Path) -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        path = tmp_path / f"{encoding}.jsonl"
        path.write_text('{"text": "café"}\n{"text": "two"}\n', encoding=encoding)
        assert [post.text for post in read([path]) if isinstance(post, Post)] == ["café", "two"]


def test_strange_dates_pass_as_they_are() -> None:
    dates = ["0000-00-00", "9999-12-31T23:59:60Z", "-1", "yesterday"]
    data = "\n".join(json.dumps({"text": "x", "date": date}) for date in dates).encode()
    assert [post.created for post in read_bytes(data) if isinstance(post, Post)] == dates


@given(st.lists(st.binary(max_size=200), max_size=8))
def test_any_bytes_give_one_result_a_line(lines: list[bytes]) -> None:
    data = b"\n".join(lines)
    filled = [line for line in data.split(b"\n") if line.removeprefix(b"\xef\xbb\xbf").strip()]
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff") and b"\xef\xbb\xbf" not in data:
        assert len(read_bytes(data)) == len(filled)


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_sound_lines_come_back_exactly(texts: list[str]) -> None:
    data = b"".join(json.dumps({"text": text}).encode() + b"\n" for text in texts)
    assert [post.text for post in read_bytes(data) if isinstance(post, Post)] == texts
