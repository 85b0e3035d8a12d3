"""What the readers take from their samples, and what they leave out unless asked: Parquet files."""

from pathlib import Path

from read_samples import SAMPLES, fields, posts, read_file

from detector.post import Post, Rejected
from detector.readers import read


def test_parquet_reads_dictionaries_large_strings_and_nulls() -> None:
    assert fields(posts("parquet.parquet"), "id", "author", "created", "text") == [
        ("1", "mei", "2024-02-29 10:00:00.000000Z", "Café, no plans."),
        ("2", "lim", "2024-02-29 10:00:00.000000Z", ""),
    ]


def test_damaged_parquet_is_one_rejected_file(tmp_path: Path) -> None:
    data = (SAMPLES / "parquet.parquet").read_bytes()
    for cut in (data[:200], data[:-4] + b"JUNK", b"PAR1" + bytes(500) + b"PAR1"):
        (only,) = read_file(tmp_path, "a.parquet", cut)
        assert isinstance(only, Rejected)
        assert "damaged Parquet" in only.reason


def test_parquet_without_a_text_column() -> None:
    (only,) = read([SAMPLES / "parquet.parquet"], field_map={"text": "words"})
    assert isinstance(only, Rejected)
    assert "no column 'words'; columns: post_id, author, created_at, body, score" in only.reason


def test_parquet_dates_beyond_what_python_knows(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    far = pa.array([2**60, -(2**60)], pa.timestamp("ms"))
    pq.write_table(pa.table({"text": ["a", "b"], "date": far}), tmp_path / "far.parquet")
    found = [post for post in read([tmp_path / "far.parquet"]) if isinstance(post, Post)]
    assert [post.text for post in found] == ["a", "b"]
