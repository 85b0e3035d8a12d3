"""Runs that are killed or interrupted, and gone on with: byte for byte those that never stopped."""

import gzip
import json
import os
import random
import signal
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import zstandard
from processes import COMMAND, detector, outputs, write_export

from detector.cli.exits import Exit
from detector.cli.recording import CHECKPOINT, FINDINGS
from detector.manifest import FILE, read_manifest

POSTS = 2_500
KILLS = 4


@pytest.fixture(scope="module", autouse=True)
def _same_time() -> Iterator[None]:
    """Reports name the time of the run; fixed, they can be compared."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1790000000")
        yield


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_export(tmp_path_factory.mktemp("export") / "posts.jsonl", POSTS)


@pytest.fixture(scope="module")
def uninterrupted(export: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "run"
    assert detector("audit", export, "--run", folder, "--to", "html", "--workers", "1").returncode == Exit.FINDINGS
    return folder


def start(*arguments: str | Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*COMMAND, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def stop(process: subprocess.Popen[bytes], folder: Path, *, size: int, with_signal: signal.Signals) -> int:
    """Send the signal when the primary record has grown to that size."""
    findings = folder / FINDINGS
    while process.poll() is None and not (findings.exists() and findings.stat().st_size >= size):
        time.sleep(0.002)
    process.send_signal(with_signal)
    process.communicate(timeout=120)
    return process.returncode


def wait_for_start(process: subprocess.Popen[bytes], folder: Path, *, resumed: int) -> None:
    """Until the run has begun, or begun again."""
    while not (folder / FILE).exists() or read_manifest(folder).circumstances.resumed < resumed:
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_killed_again_and_again_a_run_ends_as_if_it_never_was(
    export: Path, uninterrupted: Path, tmp_path: Path, workers: str
) -> None:
    folder = tmp_path / "run"
    choose = random.Random(int(workers))  # noqa: S311
    whole = (uninterrupted / FINDINGS).stat().st_size
    process = start("audit", export, "--run", folder, "--to", "html", "--workers", workers)
    for number, size in enumerate(sorted(choose.randrange(whole) for _ in range(KILLS))):
        wait_for_start(process, folder, resumed=number)
        assert stop(process, folder, size=size, with_signal=signal.SIGKILL) == -signal.SIGKILL
        assert read_manifest(folder).outcome == "running"
        process = start("audit", "--resume", folder, "--workers", workers)
    said, _ = process.communicate(timeout=300)
    assert process.returncode == Exit.FINDINGS, said.decode()
    assert outputs(folder) == outputs(uninterrupted)
    manifest, expected = read_manifest(folder), read_manifest(uninterrupted)
    assert msgspec.structs.replace(manifest, circumstances=expected.circumstances) == expected
    assert manifest.circumstances.resumed == KILLS


@pytest.fixture(scope="module")
def packed(export: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of what exports come in: Zstandard, gzip, and a zip file with members of two formats."""
    folder = tmp_path_factory.mktemp("packed") / "exports"
    folder.mkdir()
    lines = export.read_bytes().splitlines(keepends=True)[:1_200]
    third = len(lines) // 3
    (folder / "a.jsonl.zst").write_bytes(zstandard.compress(b"".join(lines[:third])))
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(b"".join(lines[third : 2 * third]), mtime=0))
    with zipfile.ZipFile(folder / "c.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner/c.jsonl", b"".join(lines[2 * third :]))
        archive.writestr("inner/d.csv", "id,text,author\n" + "d1,You should sell $SHRT.,mei\n" * 200)
        archive.writestr("votes.csv", "id,direction\n1,up\n")
    return folder


def test_killed_at_any_moment_while_archives_are_read(packed: Path, tmp_path: Path) -> None:
    whole, folder = tmp_path / "whole", tmp_path / "run"
    begin = time.monotonic()
    assert detector("audit", packed, "--run", whole, "--to", "html,csv", "--workers", "2").returncode == Exit.FAILURE
    seconds = time.monotonic() - begin
    choose = random.Random(7)  # noqa: S311
    process = start("audit", packed, "--run", folder, "--to", "html,csv", "--workers", "2")
    kills = 0
    for _ in range(KILLS):
        wait_for_start(process, folder, resumed=kills)
        time.sleep(choose.uniform(0, 0.7 * seconds))
        if process.poll() is not None:
            break
        process.kill()
        process.communicate(timeout=60)
        kills += 1
        process = start("audit", "--resume", folder, "--workers", str(1 + kills % 2))
    process.communicate(timeout=300)
    assert process.returncode == Exit.FAILURE  # a table without posts is among the files
    assert kills > 0
    assert outputs(folder) == outputs(whole)


def test_killed_while_reports_are_written(export: Path, uninterrupted: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    process = start("audit", export, "--run", folder, "--to", "html", "--workers", "1")
    while not (folder / "report.html").exists():
        assert process.poll() is None
        time.sleep(0.002)
    process.kill()
    process.communicate(timeout=60)
    assert detector("audit", "--resume", folder).returncode == Exit.FINDINGS
    assert outputs(folder) == outputs(uninterrupted)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_interrupt_leaves_a_part_that_says_so_and_can_be_gone_on_with(
    export: Path, uninterrupted: Path, tmp_path: Path, workers: str
) -> None:
    folder = tmp_path / "run"
    process = start("audit", export, "--run", folder, "--to", "html", "--workers", workers)
    whole = (uninterrupted / FINDINGS).read_bytes()
    assert stop(process, folder, size=len(whole) // 3, with_signal=signal.SIGINT) == Exit.INTERRUPTED
    manifest = read_manifest(folder)
    part = (folder / FINDINGS).read_bytes()
    assert manifest.outcome == "interrupted"
    assert manifest.counts is not None
    assert 0 < manifest.counts.posts == part.count(b"\n") < POSTS
    assert whole.startswith(part)
    assert "interrupted" in (folder / "report.html").read_text()
    assert (folder / CHECKPOINT).exists()
    assert "FAILED  outcome: interrupted" in detector("verify", folder).stdout
    assert detector("audit", "--resume", folder).returncode == Exit.FINDINGS
    assert outputs(folder) == outputs(uninterrupted)


def test_an_interrupt_to_the_whole_group_reaches_one_process_only(export: Path, tmp_path: Path) -> None:
    """As a terminal sends it: to workers too."""
    folder = tmp_path / "run"
    command = [*COMMAND, "audit", str(export), "--run", str(folder), "--workers", "2"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    while process.poll() is None and not ((folder / FINDINGS).exists() and (folder / FINDINGS).stat().st_size):
        time.sleep(0.002)
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == Exit.INTERRUPTED
    assert b"Traceback" not in said
    assert b"to go on: detector audit --resume" in said


def test_an_interrupt_without_a_run_folder_completes_the_report(export: Path, tmp_path: Path) -> None:
    output = tmp_path / "part.jsonl"
    process = start("audit", export, "--output", output, "--workers", "1")
    while process.poll() is None and not (output.exists() and output.stat().st_size):
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == Exit.INTERRUPTED
    assert b"interrupted" in said
    lines = output.read_bytes().splitlines()
    assert 0 < len(lines) < POSTS
    assert json.loads(lines[-1])["id"] == str(len(lines) - 1)


def test_what_has_changed_is_not_gone_on_with(export: Path, tmp_path: Path) -> None:
    copy = tmp_path / "posts.jsonl"
    copy.write_bytes(export.read_bytes())
    folder = tmp_path / "run"
    stop(start("audit", copy, "--run", folder, "--workers", "1"), folder, size=1, with_signal=signal.SIGKILL)
    with copy.open("a") as file:
        file.write('{"id": "late", "text": "Buy NVDA now."}\n')
    done = detector("audit", "--resume", folder)
    assert done.returncode == Exit.USAGE
    assert "the input files are not those of its beginning" in done.stderr
    assert detector("audit", copy, "--resume", folder).returncode == Exit.USAGE


def test_a_complete_run_is_neither_resumed_nor_overwritten(uninterrupted: Path, export: Path) -> None:
    for arguments in (["--resume", uninterrupted], [export, "--run", uninterrupted]):
        done = detector("audit", *arguments)
        assert done.returncode == Exit.USAGE
        assert "run" in done.stderr


def test_a_resumed_run_takes_no_other_model(uninterrupted: Path, tmp_path: Path) -> None:
    done = detector("audit", "--resume", uninterrupted, "--model", tmp_path)
    assert done.returncode == Exit.USAGE
    assert "cannot be chosen again" in done.stderr
