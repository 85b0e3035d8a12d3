"""Tables: dialects and encodings are found; what is no row is quarantined."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.errors import InputError
from detector.post import Origin, Post, Rejected
from detector.readers import Limits, read
from detector.readers.base.contract import Options, Sample, Source
from detector.readers.csv import read as read_csv

SAMPLES = Path(__file__).parent / "samples"


def read_bytes(data: bytes, **options: object) -> list[Post | Rejected]:
    sample = Sample("a.csv", data[:65536], whole=len(data) < 65536)
    return list(read_csv(Source("a.csv", io.BytesIO(data), sample, Options(**options), "csv")))  # type: ignore[arg-type]


def texts(found: list[Post | Rejected]) -> list[str]:
    return [post.text for post in found if isinstance(post, Post)]


def test_endless_column_names_do_not_fill_a_message(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a" * 5_000 + "".join(f",b{number}" for number in range(5_000)) + "\n" + "1," * 5_000 + "2\n")
    (only,) = read([path])
    assert isinstance(only, Rejected)
    assert len(only.reason) < 1_000
    assert "more" in only.reason


def test_sample() -> None:
    first, second = read([SAMPLES / "csv.csv"])
    assert first == Post(
        id="7",
        text='First line\r\nsecond line with "quotes"',
        author="Tan; Wei",
        created="29/02/2024",
        origin=Origin(str(SAMPLES / "csv.csv"), 1, "csv"),
    )
    assert isinstance(second, Post)
    assert (second.id, second.text, second.origin.record) == ("8", "", 2)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_dialects_and_encodings(tmp_path: Path, delimiter: str, ending: str, encoding: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=ending)
    writer.writerow(["id", "author", "body"])
    posts = [f"café no. {number}, it’s “cheap”; a|b\tc\nnext line" for number in range(20)]
    writer.writerows([number, "José", text] for number, text in enumerate(posts))
    path = tmp_path / "table"
    path.write_bytes(out.getvalue().encode(encoding))
    assert texts(list(read([path]))) == posts


@pytest.mark.parametrize("tail", [chr(0xD83D), chr(0xDC8E), ""], ids=["high", "low", "an odd byte"])
def test_half_a_character_in_utf_16_ends_nothing(tmp_path: Path, tail: str) -> None:
    path = tmp_path / "table.csv"
    table = f"id,body\n1,buy now{tail}\n2,the second row\n"
    path.write_bytes(table.encode("utf-16", "surrogatepass") + (b"" if tail else b"x"))
    first, second, *_ = texts(list(read([path])))
    assert first.startswith("buy now")
    assert second == "the second row"


def test_backslash_escapes_and_the_separator_hint() -> None:
    assert texts(read_bytes(b'id,text\n1,"say \\"buy\\", now"\n2,"b"\n')) == ['say "buy", now', "b"]
    assert texts(read_bytes(b"sep=;\r\nid;text\r\n1;a, b\r\n")) == ["a, b"]


def test_tabs_without_quoting_keep_their_quotes() -> None:
    rows = [f"{number}\t{text}\n" for number, text in enumerate(['"to the moon', "b", 'c"', '"d"', "e"])]
    assert texts(read_bytes(("id\ttext\n" + "".join(rows)).encode())) == ['"to the moon', "b", 'c"', '"d"', "e"]


def test_a_header_with_bad_bytes_hides_no_rows() -> None:
    found = read_bytes(b"caf\xff,text,caf\xc3\xa9,caf\xc3\xa9s\n1,a,b,c\n2,b,c,d\n")
    assert texts(found) == ["a", "b"]


def test_one_column_keeps_its_commas() -> None:
    assert texts(read_bytes(b"text\nbuy, sell, hold\nwait, then buy, then hold\n")) == [
        "buy, sell, hold",
        "wait, then buy, then hold",
    ]


def test_no_text_column_names_the_columns_and_the_cure(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,words,when\n1,buy,today\n2,sell,now\n")
    (only,) = read([path])
    assert str(only) == (
        f"{path}: no column with the post's text; columns: id, words, when (name it: --map text=COLUMN)"
    )
    assert [post.text for post in read([path], field_map={"text": "words"}) if isinstance(post, Post)] == [
        "buy",
        "sell",
    ]


def test_two_text_columns_are_refused() -> None:
    with pytest.raises(InputError, match="two columns are named 'text'"):
        read_bytes(b"text,text\na,b\n")


def test_bad_utf8_costs_one_row_and_names_the_byte() -> None:
    rows = b"id,text\n1,caf\xc3\xa9 \xc3\xa9\xc3\xa9\n2,bro\xffken\n3,fine\n"
    first, bad, last = read_bytes(rows)
    assert isinstance(bad, Rejected)
    assert bad.record == 2
    assert "byte 4 of column 'text' (0xff)" in bad.reason
    assert texts([first, last]) == ["café éé", "fine"]


def test_nul_bytes_are_kept() -> None:
    assert texts(read_bytes(b"id,text\n1,a\0b\n2,c\n")) == ["a\0b", "c"]


def test_a_row_that_is_too_wide_or_never_closed() -> None:
    wide, sound, open_ = read_bytes(b'id,text\n1,buy,now\n2,ok\n3,"never closed\n4,swallowed\n')
    assert isinstance(wide, Rejected)
    assert "3 cells, the header 2" in wide.reason
    assert isinstance(sound, Post)
    assert isinstance(open_, Rejected)
    assert "never closed" in open_.reason
    assert open_.record == 3


def test_a_row_that_ends_before_its_text() -> None:
    for header in (b"id,date,text", b"topic_title,is_pm,post_raw"):
        sound, short = read_bytes(header + b"\n1,2,a\n3\n")
        assert isinstance(sound, Post)
        assert isinstance(short, Rejected)


def test_a_row_over_the_limit() -> None:
    for big in (b"x" * 500_000, b'"' + b"x" * 500_000 + b'"', b'"x\n' + b"x\ny" * 500_000 + b'"'):
        data = b"id,text\n1,a\n2," + big + b"\n3,c\n"
        first, bad, *_ = read_bytes(data, limits=Limits(record_bytes=100_000))
        assert isinstance(first, Post)
        assert isinstance(bad, Rejected), big[:9]
        assert bad.record == 2


def test_five_megabytes_in_one_cell() -> None:
    (post,) = read_bytes(b'id,text\n1,"' + b"buy\n" * 1_250_000 + b'"\n')
    assert isinstance(post, Post)
    assert len(post.text) == 5_000_000


TABLES = st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), min_size=1, max_size=8)


@given(TABLES)
def test_what_the_csv_module_writes_comes_back(rows: list[tuple[str, str]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(["author", "text"])
    writer.writerows(rows)
    assert texts(read_bytes(out.getvalue().encode())) == [text for _, text in rows]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for result in read_bytes(b"id,text\n1,sound\n" + data):
        assert isinstance(result, Post | Rejected)
        if isinstance(result, Post):
            result.text.encode()
