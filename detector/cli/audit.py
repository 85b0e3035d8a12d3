"""`detector audit`: check exported posts and write a report."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detector.cli.options import LimitsOption, ModelOption, OutputOption, PolicyOption, ToOption
from detector.errors import ConfigError

if TYPE_CHECKING:
    from detector.checked import Tally
    from detector.manifest import Options
    from detector.post import Post, Rejected

PROGRESS_EVERY = 200
REJECTIONS_SHOWN = 5
REASONS_SHOWN = 5


def audit(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE...", help="Exports, archives or folders of them; - is standard input."),
    ] = None,
    *,
    policy: PolicyOption = "default",
    model: ModelOption = None,
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
    limits: LimitsOption = "",
    private: Annotated[bool, typer.Option("--private", help="Include private messages that an export holds.")] = False,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0 is one, and one per core for much input.")] = 0,
    run: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Keep the run there as evidence: findings.jsonl, rejected.jsonl, campaigns.json, the reports of --to "
            "(several, with commas) and manifest.json with every checksum. For verify, compare, sample and estimate.",
        ),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Go on with a kept run that was interrupted or killed; all else is as it was."
        ),
    ] = None,
) -> None:
    """Check exported posts: what reads as a recommendation, and what became of disclaimers.

    Exit code 0: nothing found; 1: findings; 2: wrong usage; 3: a file could not be read at all; 130: Ctrl-C, and the
    reports say that they hold a part only.
    """
    from detector.cli.limits import parse_limits
    from detector.cli.session import exit_code
    from detector.manifest import Options

    reports = tuple(to.split(",")) if to and run else ()
    options = Options(
        tuple(files or ()), policy, format_name, parse_map(fields), private, parse_limits(limits), reports
    )
    if resume is not None:
        tally = _resume(resume, workers, given=[*options.files, *filter(None, (run, output, to, limits, model))])
    elif not files:
        raise ConfigError("FILE", "nothing to audit", "name an export, a folder, or - for standard input")
    elif run is not None:
        tally = _keep(run, options, workers, output, model)
    else:
        tally = _print(options, workers, to, output, model)
    raise typer.Exit(exit_code(tally))


def _print(options: Options, workers: int, to: str | None, output: Path | None, model: Path | None) -> Tally:
    """Audit once, one report, nothing kept."""
    from detector.cli.runs import check_apart, check_standard_output, checksums_of_files, read_again
    from detector.cli.session import choose_report, run_report
    from detector.engine import Detector
    from detector.policy import load_policy, with_model

    name = choose_report(to, output)
    if output is None:
        check_standard_output(options.files)
    else:
        check_apart(output, options.files)
    records = read_again(options)
    detector = Detector(with_model(load_policy(options.policy), model))
    watch = _with_progress if output is not None or not sys.stdout.isatty() else iter
    inputs = checksums_of_files(options.files) if name == "html" else ()  # no other report names them
    run = run_report(watch(records), detector, to=name, output=output, workers=workers, inputs=inputs)
    if name != "text" or output is not None:
        typer.echo("\n".join(summary(run.tally)), err=True)
    return run.tally


def _keep(folder: Path, options: Options, workers: int, output: Path | None, model: Path | None) -> Tally:
    """Audit into a new run folder."""
    from detector.cli.runs import carry_out, start

    if output is not None:
        raise ConfigError("--output", "a kept run holds its reports itself", "name them with --to html,csv")
    if model is not None:
        raise ConfigError("--model", "a kept run has to name its model itself", 'put `model = "FOLDER"` in its policy')
    kept = start(folder, options, workers=workers)
    return _told(carry_out(kept, watch=_with_progress), folder)


def _resume(folder: Path, workers: int, *, given: Sequence[object]) -> Tally:
    """Go on with a run folder; the manifest knows its files and options."""
    from detector.cli.runs import carry_out, reopen

    if given:
        raise ConfigError("--resume", f"{given[0]} cannot be chosen again", "a resumed run has what its manifest says")
    return _told(carry_out(reopen(folder, workers=workers), watch=_with_progress), folder)


def _told(tally: Tally, folder: Path) -> Tally:
    from detector.manifest import FILE, file_checksum

    typer.echo("\n".join(summary(tally)), err=True)
    if tally.interrupted:
        typer.echo(f"to go on: detector audit --resume {folder}", err=True)
    typer.echo(f"{folder / FILE}: sha256 {file_checksum(folder / FILE).sha256}", err=True)
    return tally


def parse_map(fields: str) -> dict[str, str]:
    """`text=body,author=user` as a mapping. Raises `ConfigError`."""
    pairs = [pair.partition("=") for pair in fields.split(",") if pair]
    for field, equals, column in pairs:
        if not (field and equals and column):
            raise ConfigError("--map", f"{field or fields!r} is not FIELD=COLUMN", "as in --map text=body,author=user")
    return {field.strip(): column.strip() for field, _, column in pairs}


def summary(tally: Tally) -> Iterable[str]:
    """A few lines for whoever waits at the terminal; the counts add up."""
    records = f"{tally.records:,} record{'s' * (tally.records != 1)}"
    yield f"{records}: {tally.posts:,} posts, {tally.rejected:,} rejected, {tally.left_out:,} left out"
    judged = f"{tally.flagged:,} with findings, {tally.clean:,} without, {tally.unjudged:,} not judged"
    yield f"{tally.posts:,} posts: {judged}"
    for rule, count in tally.by_rule().most_common():
        yield f"  {rule}: {count:,}"
    if tally.suppressed:
        yield f"  let stand by comments in the text: {tally.suppressed:,}"
    campaigns = tally.campaigns.found()
    if campaigns:
        posts = sum(each.posts for each in campaigns)
        yield f"  campaigns (one pitch, several accounts): {len(campaigns):,}, of {posts:,} posts"
    for reason, count in tally.left_out_for.most_common(REASONS_SHOWN):
        yield f"  left out: {count:,}: {reason}"
    whole_files_first = sorted(tally.rejections, key=lambda rejected: rejected.record is not None)
    for rejected in whole_files_first[:REJECTIONS_SHOWN]:
        yield f"  rejected: {rejected}"
    if tally.rejected > REJECTIONS_SHOWN:
        yield f"  and {tally.rejected - REJECTIONS_SHOWN:,} more rejected"
    if tally.interrupted:
        yield "interrupted: the report holds what was done until then"


def _with_progress(records: Iterable[Post | Rejected]) -> Iterator[Post | Rejected]:
    """Count the records while they stream by, where somebody looks at standard error."""
    if not sys.stderr.isatty():
        yield from records
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} records"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("records", total=None)
        for number, record in enumerate(records, 1):
            if number % PROGRESS_EVERY == 0:
                progress.update(task, completed=number)
            yield record
