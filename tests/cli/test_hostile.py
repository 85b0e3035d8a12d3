"""A folder of everything that an export should not hold, audited by the real command: counted, bounded, never fatal."""

import gzip
import io
import json
import resource
import zipfile
from dataclasses import fields
from pathlib import Path

import msgspec
import pytest
from processes import detector

from detector.cli.exits import Exit
from detector.cli.limits import parse_limits
from detector.cli.options import LimitsOption
from detector.errors import ConfigError
from detector.manifest import read_manifest
from detector.post import Rejected
from detector.readers import Limits

MEBIBYTE = 1 << 20
MOST_MEMORY = 1_200  # MiB, of any command that tests have run so far
GOOD = b'{"id": "good", "text": "You should buy NVDA now."}\n'
LAUGHS = (
    '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><title>&b;</title></item></channel></rss>'
)
DATES = (
    "0000-01-01",
    "0000-00-00 00:00:00",
    "9999-12-31T23:59:59Z",
    "-0001-11-30",
    "99999-01-01",
    str(10**18),
    "1e999",
)


def zip_with(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def lines(*records: dict[str, str]) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    post = {"id": "1", "text": "Buy NVDA."}
    files = {
        "bomb.jsonl.gz": gzip.compress(GOOD + b" " * 80 * MEBIBYTE),
        "cycle.jsonl": lines(*({"id": each, "parent": other, "text": "x"} for each, other in ("ab", "ba", "cc"))),
        "dates.jsonl": lines(*({"id": each, "text": "Buy NVDA.", "created": each} for each in DATES)),
        "deep.jsonl": b'{"text": "d", "x": ' + b"[" * 200_000 + b"]" * 200_000 + b"}\n" + GOOD,
        "laughs.xml": LAUGHS.encode(),
        "traversal.zip": zip_with("../../../evil.jsonl", GOOD),
        "surrogates.jsonl": b'{"id": "h", "text": "half \\ud800"}\n{"id": "r", "text": "raw \xed\xa0\x80"}\n' + GOOD,
        "twice.jsonl": b'{"id": "t", "text": "Nice.", "text": "Buy NVDA."}\n' + lines(post),
        "bomb.zip": zip_with("zeros.jsonl", GOOD + b"\0" * 80 * MEBIBYTE),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    with (folder / "line.jsonl").open("wb") as file:
        file.write(b'{"text": "')
        for _ in range(200):
            file.write(b"a" * MEBIBYTE)
        file.write(b'"}\n' + GOOD)
    return folder


def test_all_is_counted_and_nothing_is_fatal(folder: Path, tmp_path: Path) -> None:
    done = detector("audit", folder, "--run", tmp_path / "run", "--to", "html,csv", "--workers", "1")
    assert done.returncode == Exit.FAILURE, done.stderr
    assert "Traceback" not in done.stderr
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < MOST_MEMORY * 1024
    counts = read_manifest(tmp_path / "run").counts
    assert counts is not None
    assert counts.records == counts.posts + counts.rejected + counts.left_out
    lines_ = (tmp_path / "run/rejected.jsonl").read_bytes().splitlines()
    rejected = [msgspec.json.decode(line, type=Rejected) for line in lines_]
    reasons = {(Path(each.file.split(".zip/")[0]).name, each.record): (each.reason, each.cure) for each in rejected}
    expected = {
        ("bomb.jsonl.gz", None): "like a decompression bomb",
        ("bomb.zip", None): "like a decompression bomb",
        ("bomb", None): "like a decompression bomb",
        ("deep.jsonl", 1): "nested too deep",
        ("laughs.xml", None): "forbidden in an export",
        ("line.jsonl", 1): "the line is longer than 16,777,216 bytes",
        ("surrogates.jsonl", 1): "half of a surrogate pair",
        ("surrogates.jsonl", 2): "is not valid text",
        ("twice.jsonl", 1): "gives 'text' twice",
    }
    for place, (reason, _) in reasons.items():
        assert expected[place] in reason, place
    assert set(expected) - set(reasons) <= {("bomb", None), ("bomb.zip", None)}
    assert all(cure for (_, record), (_, cure) in reasons.items() if record is None)
    assert not list(tmp_path.rglob("evil*"))
    posts = [json.loads(line)["id"] for line in (tmp_path / "run/findings.jsonl").read_bytes().splitlines()]
    assert posts.count("good") == 6
    assert set(DATES) | {"a", "b", "c"} <= set(posts)


def test_limits_are_options_and_kept_with_the_run(folder: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    detector("audit", folder / "line.jsonl", "--run", run, "--limits", "record_bytes=1K,nesting=2", "--workers", "1")
    assert read_manifest(run).options.limits == {"record_bytes": 1024, "nesting": 2}
    assert "longer than 1,024 bytes" in (run / "rejected.jsonl").read_text()
    assert "--limits record_bytes=" in (run / "rejected.jsonl").read_text()
    assert detector("verify", run, "--again").returncode == Exit.CLEAN


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("record_byte=1", "did you mean record_bytes?"),
        ("nesting=0", "no number above 0"),
        ("nesting", "no number above 0"),
        ("members=many", "no number above 0"),
    ],
)
def test_unusable_limits_name_the_cure(written: str, reason: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_limits(written)
    assert reason in str(refused.value)


def test_help_and_docs_name_every_limit_with_its_default(root: Path) -> None:
    documented = (root / "docs/formats.md").read_text()
    said = LimitsOption.__metadata__[0].help
    defaults = dict(pair.split("=") for pair in said.partition("Defaults: ")[2].rstrip(".").split(", "))
    assert {name: parse_limits(f"{name}={value}")[name] for name, value in defaults.items()} == {
        each.name: each.default for each in fields(Limits)
    }
    for name, value in defaults.items():
        assert f"| `{name}` | {value} |" in documented
