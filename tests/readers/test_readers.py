"""What holds for every reader, and for opening files whatever their format."""

import bz2
import gzip
import io
import json
import lzma
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import zstandard

from detector import readers
from detector.errors import ConfigError
from detector.post import Post, Rejected
from detector.readers import Limits, format_names, read

SAMPLES = Path(__file__).parent / "samples"
LINE = b'{"id": "1", "text": "hold"}\n'


def texts(found: Iterable[Post | Rejected]) -> list[str]:
    return [post.text for post in found if isinstance(post, Post)]


def rejected(found: Iterable[Post | Rejected]) -> list[Rejected]:
    return [record for record in found if isinstance(record, Rejected)]


def samples_of(name: str) -> list[Path]:
    return sorted(SAMPLES.glob(f"{name}.*"))


@pytest.mark.parametrize("name", format_names())
def test_every_reader_keeps_the_contract_and_knows_its_own_samples(name: str) -> None:
    module = __import__(f"{readers.__name__}.{name}", fromlist=["read"])
    assert module.__doc__
    found = list(read(samples_of(name)))
    posts = [post for post in found if isinstance(post, Post)]
    ids = {(post.origin.file, post.id) for post in posts}
    assert {post.origin.file for post in posts} == set(map(str, samples_of(name)))
    assert {post.origin.format for post in posts} == {name}
    assert [record for record in rejected(found) if not record.left_out] == []
    assert len(ids) == len(posts)
    assert {post.parent for post in posts if post.parent} <= {post.id for post in posts}
    for post in posts:
        assert all(0 <= region.start < region.end <= len(post.text) for region in post.regions)


def test_every_sample_belongs_to_a_reader() -> None:
    assert {path.name.partition(".")[0] for path in SAMPLES.iterdir()} == set(format_names())


@pytest.mark.parametrize("name", format_names())
def test_reading_twice_gives_the_same(name: str) -> None:
    assert list(read(samples_of(name))) == list(read(samples_of(name)))


def test_one_bad_file_loses_no_other(tmp_path: Path) -> None:
    good = tmp_path / "good.jsonl"
    good.write_bytes(LINE)
    found = list(read([tmp_path / "none.jsonl", good, tmp_path / "nor.csv"]))
    assert texts(found) == ["hold"]
    assert [(record.file, record.record) for record in rejected(found)] == [
        (str(tmp_path / "none.jsonl"), None),
        (str(tmp_path / "nor.csv"), None),
    ]
    assert "no such file" in str(rejected(found)[0])


def test_folders_are_read_in_name_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b/2.jsonl", "a/1.jsonl", ".hidden/0.jsonl", "b/.0.jsonl", "3.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"text": name}))
    assert texts(read([tmp_path])) == ["3.jsonl", "a/1.jsonl", "b/2.jsonl"]


def test_folder_without_exports(tmp_path: Path) -> None:
    (only,) = rejected(read([tmp_path]))
    assert (only.file, only.record) == (str(tmp_path), None)
    assert "holds no files" in only.reason


def test_folder_with_a_pipe_does_not_wait_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a.jsonl").write_bytes(LINE)
    assert texts(read([tmp_path])) == ["hold"]


def test_a_file_name_that_is_no_text(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.jsonl"
    Path(os.fsdecode(path)).write_bytes(LINE)
    (post,) = read([os.fsdecode(path)])
    assert isinstance(post, Post)
    assert post.origin.file.endswith("caf\ufffd.jsonl")


@pytest.mark.parametrize("junk", [bytes(range(256)) * 40, b"\x7fELF" + b"\0" * 500, b"\x00" * 70_000])
def test_binary_junk_is_one_rejected_file(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "export.bin"
    path.write_bytes(junk)
    (only,) = rejected(read([path]))
    assert (only.file, only.record) == (str(path), None)
    assert "binary" in only.reason
    assert "--format" in only.cure


def test_text_of_no_known_format_names_the_cure(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Just a note to myself, nothing more.\nAnd a second line.\n")
    (only,) = rejected(read([path]))
    assert "--format" in only.cure
    assert "jsonl" in only.cure


def test_an_empty_file_and_pictures_are_left_out_but_counted(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").touch()
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert [record.left_out for record in rejected(read([tmp_path]))] == [True, True]


def test_unknown_format_and_field_are_errors_at_once_with_the_nearest_known() -> None:
    with pytest.raises(ConfigError, match="did you mean jsonl"):
        read(["x"], format_name="json_l")
    with pytest.raises(ConfigError, match="did you mean author"):
        read(["x"], field_map={"autor": "user"})


def test_format_name_overrules_recognition(tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.write_bytes(b"text\n" + LINE)
    (post,) = read([path], format_name="csv")
    assert isinstance(post, Rejected) or post.origin.format == "csv"


@pytest.mark.parametrize("data", [LINE * 3, gzip.compress(LINE * 3)])
def test_standard_input(data: bytes) -> None:
    code = "from detector.readers import read; print([p.text for p in read(['-'])])"
    done = subprocess.run([sys.executable, "-c", code], input=data, capture_output=True, check=True)
    assert done.stdout.split() == [b"['hold',", b"'hold',", b"'hold']"]


def tar(data: bytes, name: str = "data/a.jsonl") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def zipped(data: bytes, name: str = "data/a.jsonl") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


CONTAINERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": lambda data: bz2.compress(data, 1),
    "xz": lambda data: lzma.compress(data, preset=0),
    "zst": zstandard.compress,
    "zip": zipped,
    "tar": tar,
    "tar.gz": lambda data: gzip.compress(tar(data)),
    "tar.bz2": lambda data: bz2.compress(tar(data), 1),
    "tar.xz": lambda data: lzma.compress(tar(data), preset=0),
    "tar.zst": lambda data: zstandard.compress(tar(data)),
    "gz.gz": lambda data: gzip.compress(gzip.compress(data)),
    "two gz members": lambda data: gzip.compress(data[:40]) + gzip.compress(data[40:]),
    "two xz streams": lambda data: lzma.compress(data[:40]) + lzma.compress(data[40:]),
    "two zst frames": lambda data: zstandard.compress(data[:40]) + zstandard.compress(data[40:]),
    "zip in tar": lambda data: tar(zipped(data), "b.zip"),
}


@pytest.mark.parametrize("kind", CONTAINERS)
def test_containers_are_known_by_content(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "export"
    path.write_bytes(CONTAINERS[kind](LINE * 100))
    found = list(read([path]))
    assert texts(found) == ["hold"] * 100
    assert rejected(found) == []


@pytest.mark.parametrize("kind", [kind for kind in CONTAINERS if kind not in ("zip", "zip in tar")])
def test_a_container_cut_short_gives_what_it_can_and_says_so(tmp_path: Path, kind: str) -> None:
    rows = b"".join(b'{"text": "%d"}\n' % (number**7) for number in range(20_000))
    packed = CONTAINERS[kind](rows)
    path = tmp_path / "export"
    path.write_bytes(packed[: len(packed) * 9 // 10])
    found = list(read([path]))
    if not kind.startswith("two"):  # those are cut within their first 40 bytes' worth
        assert texts(found)[:100] == [str(number**7) for number in range(100)]
    assert rejected(found)
    assert all(record.file.startswith(str(path)) for record in rejected(found))


def test_a_damaged_zip_is_one_rejected_file(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(zipped(LINE)[:60])
    (only,) = rejected(read([path]))
    assert "zip" in only.reason


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress, zstandard.compress, zipped])
def test_decompression_bombs_are_stopped(tmp_path: Path, compress: object) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(compress(LINE * 400_000))  # type: ignore[operator]
    limits = Limits(expansion=50, expansion_free=1_000_000)
    found = list(read([path], limits=limits))
    assert 0 < len(texts(found)) < 400_000
    (only,) = rejected(found)
    assert "bomb" in only.reason
    assert "--limits expansion=" in only.cure


def test_archives_within_archives_have_an_end(tmp_path: Path) -> None:
    data = LINE
    for _ in range(6):
        data = gzip.compress(data)
    path = tmp_path / "nested.gz"
    path.write_bytes(data)
    (only,) = rejected(read([path]))
    assert "nested more than 4 deep" in only.reason


def test_too_many_members(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(5):
            archive.writestr(f"{number}.jsonl", LINE)
    (only,) = rejected(read([path], limits=Limits(members=4)))
    assert "more than 4 files" in only.reason


@pytest.mark.parametrize("make", [zipped, tar])
def test_a_path_that_leads_out_of_an_archive_is_only_a_name(tmp_path: Path, make: object) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    path = inside / "export"
    path.write_bytes(make(LINE, "../../evil.jsonl"))  # type: ignore[operator]
    assert texts(read([path])) == ["hold"]
    assert [file.name for file in tmp_path.rglob("*")] == ["inside", "export"]


def test_a_member_without_a_name_is_a_file_like_any_other(tmp_path: Path) -> None:
    """Found by fuzzing: the standard library looks at the last letter of a name that has none."""
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(""), LINE)
    assert texts(read([path])) == ["hold"]


def test_links_in_archives_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.jsonl"
    secret.write_bytes(LINE)
    path = tmp_path / "export.tar"
    with tarfile.open(path, "w") as archive:
        info = tarfile.TarInfo("link.jsonl")
        info.type = tarfile.SYMTYPE
        info.linkname = str(secret)
        archive.addfile(info)
    (only,) = rejected(read([path]))
    assert (only.file, only.reason) == (f"{path}/link.jsonl", "a link or device, which is not followed")


def test_names_in_archives_can_be_shown_anywhere(tmp_path: Path) -> None:
    path = tmp_path / "export.tar"
    path.write_bytes(tar(LINE, "caf\udce9\x1b[2J.jsonl"))
    (post,) = read([path])
    assert isinstance(post, Post)
    assert post.origin.file == f"{path}/caf\ufffd\ufffd[2J.jsonl"


def test_formats_that_jump_about_are_read_from_containers_too(tmp_path: Path) -> None:
    for pack in (gzip.compress, zipped, tar):
        path = tmp_path / "export"
        path.write_bytes(pack((SAMPLES / "parquet.parquet").read_bytes()))
        assert texts(read([path])) == ["Café, no plans.", ""]


@pytest.mark.parametrize("sample", sorted(SAMPLES.iterdir()), ids=lambda path: path.name)
def test_formats_are_recognised_by_content_alone(sample: Path, tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.write_bytes(gzip.compress(sample.read_bytes()))
    formats = {post.origin.format for post in read([path]) if isinstance(post, Post)}
    assert formats == {sample.name.partition(".")[0]}


def test_a_file_of_rejections_only_is_given_up_and_said_so(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text('{"text": "a"}\n' + "{broken\n" * 2 + '{"text": "b"}\n' + "{broken\n" * 50 + '{"text": "c"}\n')
    found = list(read([path], limits=Limits(rejections=10)))
    assert [record.text for record in found if isinstance(record, Post)] == ["a", "b"]
    assert len(found) == 2 + 2 + 10 + 1
    last = found[-1]
    assert isinstance(last, Rejected)
    assert last.record is None
    assert "10 records in a row could not be read" in last.reason
    assert "--limits rejections=NUMBER" in last.cure
    assert sum(isinstance(record, Post) for record in read([path])) == 3
