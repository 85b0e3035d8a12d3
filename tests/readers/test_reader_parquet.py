"""What the readers take from their samples, and what they leave out unless asked: Parquet files."""

from pathlib import Path

from read_samples import SAMPLES, fields, posts, read_file

from detector.post import Post, Rejected
from detector.readers import Limits, read


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


def test_parquet_that_writes_one_text_out_for_every_row(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    text = pa.DictionaryArray.from_arrays(pa.array([0] * 60, pa.int32()), pa.array(["b" * 1_000_000]))
    pq.write_table(pa.table({"text": text}), tmp_path / "bomb.parquet")
    limits = Limits(expansion_free=5_000_000, expansion=10)
    found = list(read([tmp_path / "bomb.parquet"], limits=limits))
    assert isinstance(found[-1], Rejected)
    assert "like a decompression bomb" in found[-1].reason
    assert len(found) == 7  # five that fit, the one that went over, and the reason why there are no more


def test_parquet_that_says_itself_that_it_is_a_bomb(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = pa.array([str(number) * 100_000 for number in range(300)])
    pq.write_table(pa.table({"text": texts}), tmp_path / "bomb.parquet", use_dictionary=False, compression="zstd")
    (only,) = read([tmp_path / "bomb.parquet"], limits=Limits(expansion_free=5_000_000, expansion=10))
    assert isinstance(only, Rejected)
    assert "like a decompression bomb" in only.reason


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
