"""Manifests and checksums."""

import hashlib
from pathlib import Path

import msgspec
import pytest

from detector.checked import Checked, Tally
from detector.errors import InputError
from detector.manifest import (
    SCHEMA,
    MadeBy,
    Manifest,
    Options,
    circumstances,
    counts_of,
    file_checksum,
    package_checksum,
    read_manifest,
    write_manifest,
)
from detector.post import Post, Rejected


def manifest() -> Manifest:
    made_by = MadeBy("0.1.0", "a" * 64, "b" * 64, "default", "c" * 64, {"action": 0.5})
    return Manifest(
        SCHEMA, "running", Options(("posts.jsonl",), map={"text": "body"}), made_by, (),
        circumstances(started="2026-11-22T21:00:00+00:00", workers=2),
    )  # fmt: skip


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_manifest(manifest(), tmp_path)
    assert read_manifest(tmp_path) == manifest()
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


def test_circumstances_name_the_packages_in_use() -> None:
    found = manifest().circumstances
    assert {"spacy", "numpy", "joblib", "msgspec"} <= set(found.packages)
    assert "Python" in found.python


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[]"])
def test_what_is_no_manifest_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(InputError, match=r"manifest\.json"):
        read_manifest(tmp_path)


def test_a_manifest_of_another_schema_is_refused(tmp_path: Path) -> None:
    write_manifest(msgspec.structs.replace(manifest(), schema="detector.run/2"), tmp_path)
    with pytest.raises(InputError, match=r"detector\.run/2"):
        read_manifest(tmp_path)


def test_a_file_is_known_by_name_size_and_sha256(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(b"x" * 3_000_000)
    found = file_checksum(path, name="posts.jsonl")
    assert (found.file, found.bytes) == ("posts.jsonl", 3_000_000)
    assert found.sha256 == hashlib.sha256(b"x" * 3_000_000).hexdigest()
    with pytest.raises(InputError, match="cannot be read"):
        file_checksum(tmp_path / "missing")


def test_the_package_has_one_checksum() -> None:
    assert len(package_checksum()) == 64


def test_counts_add_up() -> None:
    tally = Tally()
    tally.add(Checked(Post("1", "x")))
    tally.add(Checked(Post("2", "x"), language="zh", abstained=True))
    tally.reject(Rejected("f", 3, "broken"))
    tally.reject(Rejected("f", 4, "a repost", left_out=True))
    counts = counts_of(tally)
    assert (counts.records, counts.posts, counts.clean, counts.unjudged) == (4, 2, 1, 1)
    assert counts.records == counts.posts + counts.rejected + counts.left_out
