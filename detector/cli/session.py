"""One run from posts to a written report: what `audit` and `check` share."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from detector import __version__, reports
from detector.checked import Checked, RuleNote, Run, Tally
from detector.cli.exits import Exit
from detector.engine import Detector
from detector.errors import ConfigError
from detector.post import Post, Rejected
from detector.rules import all_rules


def choose_report(to: str | None, output: Path | None) -> str:
    """The report's name: as asked, else by the output's ending, else by who reads standard output."""
    if to is not None:
        return to
    if output is not None:
        for name in reports.names():
            if reports.load(name).SUFFIX == output.suffix.lower():
                return name
        raise ConfigError(str(output), "no report has that ending", f"choose with --to: {', '.join(reports.names())}")
    return "text" if sys.stdout.isatty() else "jsonl"


def run_report(
    records: Iterable[Post | Rejected], detector: Detector, *, to: str, output: Path | None = None, workers: int = 1
) -> Run:
    """Check every post, write the report, and return the run with its complete tally."""
    report = reports.load(to)
    tally = Tally()
    run = Run(
        version=__version__,
        model_checksum=detector.model.checksum,
        policy=detector.policy.name,
        policy_checksum=detector.policy.checksum,
        started=now(),
        thresholds=detector.thresholds,
        rules=tuple(RuleNote(rule.name, rule.summary, rule.why, rule.source) for rule in all_rules()),
        tally=tally,
    )
    checked = detector.examine(_posts(records, tally), workers=workers)
    stream = tally.watch(_until_interrupted(checked, tally), clock=now)
    with _opened(output, binary=report.BINARY) as out:
        report.render(stream, run, out)
    return run


def exit_code(tally: Tally) -> Exit:
    """What the process should say of the run."""
    if tally.interrupted:
        return Exit.INTERRUPTED
    if any(rejected.record is None for rejected in tally.rejections):
        return Exit.FAILURE
    return Exit.FINDINGS if tally.flagged else Exit.CLEAN


def now() -> str:
    """The time, as reports write it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _posts(records: Iterable[Post | Rejected], tally: Tally) -> Iterator[Post]:
    """The posts; what is rejected is counted on the way."""
    for record in records:
        if isinstance(record, Rejected):
            tally.reject(record)
        else:
            yield record


def _until_interrupted(stream: Iterable[Checked], tally: Tally) -> Iterator[Checked]:
    """End the stream at Ctrl-C, so that the report is completed with what was done until then."""
    try:
        yield from stream
    except KeyboardInterrupt:
        tally.interrupted = True


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
