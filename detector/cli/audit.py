"""`detector audit`: check exported posts and write a report."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detector.cli.options import OutputOption, PolicyOption, ToOption
from detector.errors import ConfigError

if TYPE_CHECKING:
    from detector.checked import Tally
    from detector.post import Post, Rejected

SERIAL_BYTES = 4 * 1024 * 1024  # below that, starting worker processes costs more than they save
PROGRESS_EVERY = 200


def audit(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Exports, archives or folders of them; - is standard input.")
    ],
    *,
    policy: PolicyOption = "default",
    to: ToOption = None,
    output: OutputOption = None,
    format_name: Annotated[
        str | None, typer.Option("--format", help="The export's format, instead of recognising it by content.")
    ] = None,
    fields: Annotated[
        str,
        typer.Option(
            "--map", metavar="FIELD=COLUMN,...", help="Names of fields in JSON or CSV, as in text=body,author=user."
        ),
    ] = "",
    private: Annotated[bool, typer.Option("--private", help="Include private messages that an export holds.")] = False,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0 is one per core for large input, else one.")] = 0,
) -> None:
    """Check exported posts: what reads as a recommendation, and what became of disclaimers.

    Exit code 0: nothing found; 1: findings; 2: wrong usage; 3: a file could not be read at all.
    """
    from detector import readers
    from detector.cli.session import choose_report, exit_code, run_report
    from detector.engine import Detector

    name = choose_report(to, output)
    records = readers.read(files, format_name=format_name, field_map=parse_map(fields), private_messages=private)
    detector = Detector(policy)
    show = sys.stderr.isatty() and (output is not None or not sys.stdout.isatty())
    watched = _with_progress(records) if show else records
    run = run_report(watched, detector, to=name, output=output, workers=workers or choose_workers(files))
    if name != "text" or output is not None:
        typer.echo("\n".join(summary(run.tally)), err=True)
    raise typer.Exit(exit_code(run.tally))


def parse_map(fields: str) -> dict[str, str]:
    """`text=body,author=user` as a mapping. Raises `ConfigError`."""
    pairs = [pair.partition("=") for pair in fields.split(",") if pair]
    for field, equals, column in pairs:
        if not (field and equals and column):
            raise ConfigError("--map", f"{field or fields!r} is not FIELD=COLUMN", "as in --map text=body,author=user")
    return {field.strip(): column.strip() for field, _, column in pairs}


def choose_workers(files: Iterable[str]) -> int:
    """One process for small input, else one per core that this process may use."""
    if sum(_size(Path(file)) for file in files) < SERIAL_BYTES:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _size(path: Path) -> int:
    """Bytes of a file or folder; standard input counts as small."""
    if path.is_dir():
        return sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
    return path.stat().st_size if path.is_file() else 0


def summary(tally: Tally) -> Iterable[str]:
    """A few lines for whoever waits at the terminal; the counts add up."""
    yield f"{tally.records:,} records: {tally.posts:,} posts, {tally.rejected:,} rejected, {tally.left_out:,} left out"
    yield f"{tally.posts:,} posts: {tally.flagged:,} with findings, {tally.clean:,} without, {tally.unjudged:,} not judged"
    for rule, count in tally.by_rule().most_common():
        yield f"  {rule}: {count:,}"
    for rejected in tally.rejections[:5]:
        yield f"  rejected: {rejected}"
    if tally.interrupted:
        yield "interrupted: the report holds what was done until then"


def _with_progress(records: Iterable[Post | Rejected]) -> Iterator[Post | Rejected]:
    """Count the records on standard error while they stream by."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} records"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("records", total=None)
        for number, record in enumerate(records, 1):
            if number % PROGRESS_EVERY == 0:
                progress.update(task, completed=number)
            yield record
