"""One run from posts to a written report: what `audit` and `check` share."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from detector import __version__, reports
from detector.checked import Checked, RuleNote, Run, Tally
from detector.cli.exits import Exit
from detector.cli.interruption import Interruption
from detector.engine import Detector
from detector.errors import ConfigError
from detector.manifest import FileChecksum, package_checksum
from detector.post import Post, Rejected
from detector.processes import settle
from detector.rules import all_rules


def choose_report(to: str | None, output: Path | None) -> str:
    """The report's name: as asked, else by the output's ending, else by who reads standard output."""
    if to is not None:
        return to
    if output is not None:
        for name in reports.names():
            if output.suffix.lower() == reports.load(name).SUFFIX:
                return name
        raise ConfigError(str(output), "no report has that ending", f"choose with --to: {', '.join(reports.names())}")
    return "text" if sys.stdout.isatty() else "jsonl"


def run_report(
    records: Iterable[Post | Rejected],
    detector: Detector,
    *,
    to: str,
    output: Path | None = None,
    workers: int = 1,
    inputs: Iterable[FileChecksum] = (),
) -> Run:
    """Check every post, write the report, and return the run with its complete tally.

    Ctrl-C completes the report with what was done until then. `inputs`: checksums that the report may name.
    """
    report = reports.load(to)
    tally = Tally()
    for each in inputs:
        tally.file(each.file).sha256 = each.sha256
    run = make_run(detector, tally, started=now())
    with Interruption() as interruption, _opened(output, binary=report.BINARY) as out:
        checked = interruption.watch(detector.examine(posts_of(records, tally), workers=workers))
        stream = _marked(tally.watch(checked, clock=now), tally, interruption)
        report.render(stream, run, out)
    return run


def make_run(detector: Detector, tally: Tally, *, started: str) -> Run:
    """What a report has to know about the run beside its posts."""
    settle()
    return Run(
        version=__version__,
        model_checksum=detector.model.checksum,
        policy=detector.policy.name,
        policy_checksum=detector.policy.checksum,
        started=started,
        package_checksum=package_checksum(),
        thresholds=detector.thresholds,
        rules=tuple(RuleNote(rule.name, rule.summary, rule.why, rule.source) for rule in all_rules()),
        tally=tally,
    )


def exit_code(tally: Tally) -> Exit:
    """What the process should say of the run."""
    if tally.interrupted:
        return Exit.INTERRUPTED
    nothing_read = any(file.rejected and file.rejected == file.records for file in tally.files.values())
    if nothing_read or any(rejected.record is None for rejected in tally.rejections):
        return Exit.FAILURE
    return Exit.FINDINGS if tally.flagged else Exit.CLEAN


def now() -> str:
    """The time, as reports write it; SOURCE_DATE_EPOCH (seconds since 1970) fixes it, for the same bytes every time."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    time = datetime.fromtimestamp(int(fixed), UTC) if fixed.isdecimal() else datetime.now(UTC)
    return time.isoformat(timespec="seconds")


def posts_of(records: Iterable[Post | Rejected], tally: Tally) -> Iterator[Post]:
    """The posts; what is rejected is counted on the way."""
    for record in records:
        if isinstance(record, Rejected):
            tally.reject(record)
        else:
            yield record


def _marked(stream: Iterable[Checked], tally: Tally, interruption: Interruption) -> Iterator[Checked]:
    """The stream; at its end, the tally knows whether that was the end of the export."""
    yield from stream
    tally.interrupted = interruption.asked


@contextmanager
def _opened(output: Path | None, *, binary: bool) -> Iterator[BinaryIO]:
    if output is None:
        if binary and sys.stdout.isatty():
            raise ConfigError("--to", "a terminal cannot show this report", "write it to a file with --output")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        file = output.open("wb")
    except OSError as error:
        raise ConfigError(str(output), f"cannot be written: {error.strerror}") from error
    with file:
        yield file
