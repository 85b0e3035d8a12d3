"""Every report: the contract, the bytes it wrote last time, and what no report may do."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from checked_samples import make_run, samples, watched

from detector import reports
from detector.checked import Checked
from detector.errors import ConfigError
from detector.post import Post

SNAPSHOTS = Path(__file__).parent / "snapshots"
# Run the tests once with this set to accept what the reports write now.
WRITE = os.environ.get("WRITE_SNAPSHOTS")


def rendered(name: str, stream: list[Checked]) -> bytes:
    run, out = make_run(), io.BytesIO()
    reports.load(name).render(watched(run, stream), run, out)
    return out.getvalue()


def test_reports_are_found_by_listing_the_folder() -> None:
    folder = Path(reports.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "contract"}
    assert set(reports.names()) == files
    assert {"text", "jsonl", "html", "csv", "sarif", "rdjsonl", "github", "parquet"} <= files


def test_an_unknown_report_is_named_with_those_that_exist() -> None:
    with pytest.raises(ConfigError, match=r"'pdf'.*csv, .*text"):
        reports.load("pdf")


def test_no_two_reports_share_a_file_ending() -> None:
    endings = [reports.load(name).SUFFIX for name in reports.names()]
    assert len(set(endings)) == len(endings)
    assert all(re.fullmatch(r"\.[a-z]+", ending) for ending in endings)


@pytest.mark.parametrize("name", reports.names())
def test_each_report_says_in_a_line_what_it_is_for(name: str) -> None:
    assert (reports.load(name).__doc__ or "").partition("\n")[0]


@pytest.mark.parametrize("name", [name for name in reports.names() if not reports.load(name).BINARY])
def test_a_report_writes_what_it_wrote_before(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    found = rendered(name, samples())
    if name == "html":  # its style and script are looked at in a browser, not here
        found = re.sub(rb"(<(style|script)>).*?(</\2>)|sha256-[^']+", rb"\1\3", found, flags=re.DOTALL)
    file = SNAPSHOTS / f"samples{reports.load(name).SUFFIX}"
    if WRITE:
        SNAPSHOTS.mkdir(exist_ok=True)
        file.write_bytes(found)
    assert found == file.read_bytes()


@pytest.mark.parametrize("name", reports.names())
def test_the_same_input_gives_the_same_bytes(name: str) -> None:
    assert rendered(name, samples()) == rendered(name, samples())


@pytest.mark.parametrize("name", reports.names())
def test_a_report_of_nothing_is_complete(name: str) -> None:
    run, out = make_run(rejected=()), io.BytesIO()
    reports.load(name).render(watched(run, []), run, out)
    assert run.tally.finished
    assert not out.closed


@pytest.mark.parametrize("name", reports.names())
def test_a_report_takes_one_post_at_a_time(name: str) -> None:
    """Nothing is written back into the stream, and no report holds the posts: each one is freed in turn."""
    alive: set[int] = set()
    most = 0

    class Text(str):
        __slots__ = ()

        def __del__(self) -> None:
            alive.discard(id(self))

    def stream() -> Iterator[Checked]:
        nonlocal most
        for number in range(300):
            text = Text(f"Nice day {number}.")
            alive.add(id(text))
            most = max(most, len(alive))
            yield Checked(Post("x", text))

    run = make_run()
    reports.load(name).render(watched(run, stream()), run, io.BytesIO())
    assert run.tally.posts == 300
    assert most < 10
