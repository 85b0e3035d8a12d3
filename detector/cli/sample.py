"""`detector sample`: posts of a kept run to read by hand, so that `estimate` can say what was missed."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from detector.errors import ConfigError
from detector.sampling import Cell, Population, allocate, draw, stratum_of

if TYPE_CHECKING:
    from detector.checked import Checked
    from detector.post import Origin, Post
    from detector.reports.parts.record import PostRecord

FLAGGED = "flagged"
BYTE_ORDER_MARK = "\ufeff"  # without it spreadsheets take UTF-8 for a local code page


class Row(msgspec.Struct, frozen=True):
    """One post to read. `label` is for the reader: yes, no, or a kind's name.

    Each row stands for `weight` posts: those of its stratum, divided by how many of them were drawn.
    """

    label: str
    note: str
    title: str | None
    text: str
    created: str | None
    post: str
    file: str
    record: int
    stratum: str
    stratum_posts: int
    drawn: int
    weight: float


def sample(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that `detector audit --run` wrote.")],
    *,
    size: Annotated[int, typer.Option(min=1, help="How many posts to read.")] = 400,
    seed: Annotated[int, typer.Option(help="The same seed draws the same posts.")] = 0,
    flagged: Annotated[
        bool, typer.Option("--flagged", help="Draw flagged posts instead, to estimate precision.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="A .csv or .jsonl file; RUN/sample.csv by default."),
    ] = None,
) -> None:
    """Draw posts without a recommendation finding, for people to read: an elusion test.

    Stratified by the classifier's score (most where most may be missed), spread over files and months. Write yes, no or
    a kind into the column `label`, then call `detector estimate`. Posts that were not judged (other languages) are not
    drawn. The input files have to be where they were.
    """
    name = "flagged.csv" if flagged else "sample.csv"
    path = output or folder / name
    if path.exists():
        raise ConfigError(str(path), "exists already, perhaps with labels in it", "name another with --output")
    write_rows(rows(folder, size=size, seed=seed, flagged=flagged), path)
    typer.echo(
        f"{path}: fill in the column `label` (yes, no or a kind), then: detector estimate {folder} {path}", err=True
    )


def rows(folder: Path, *, size: int, seed: int, flagged: bool) -> Iterator[Row]:
    """The posts that were drawn, in the order of the export. Memory does not grow with it."""
    from detector.cli.recording import FINDINGS
    from detector.cli.replay import replay
    from detector.cli.runs import read_again
    from detector.manifest import read_manifest
    from detector.post import Post

    manifest = read_manifest(folder)
    if manifest.outcome != "complete":
        raise ConfigError(str(folder), f"the run is {manifest.outcome}", f"detector audit --resume {folder}")
    population = count(folder, flagged=flagged)
    sizes = population.sizes()
    if not sizes:
        raise ConfigError(str(folder), f"holds no {'flagged' if flagged else 'unflagged'} post")
    drawn = allocate(population, size)
    chosen = draw(population, drawn, seed=seed)
    posts = (record for record in read_again(manifest.options) if isinstance(record, Post))
    seen: Counter[Cell] = Counter()
    for checked in replay(folder / FINDINGS, posts):
        cell = _cell(checked, checked.post.origin, checked.post.created, flagged=flagged)
        if cell is None:
            continue
        if seen[cell] in chosen[cell]:
            yield _row(checked.post, cell.stratum, sizes[cell.stratum], drawn[cell.stratum])
        seen[cell] += 1


def count(folder: Path, *, flagged: bool, places: Container[tuple[str, str]] = ()) -> Population:
    """Count the posts that may be drawn, and find out in which stratum those at `places` (file, record) are."""
    from detector.cli.recording import FINDINGS
    from detector.cli.replay import read_lines
    from detector.reports.parts.record import PostRecord

    population = Population()
    for record in read_lines(folder / FINDINGS, PostRecord):
        cell = _cell(record, record.origin, record.created, flagged=flagged)
        if cell is not None:
            population.cells[cell] += 1
            population.scores[cell.stratum] += record.score or 0.0
            place = (record.origin.file, str(record.origin.record))
            if place in places:
                population.found[place] = cell.stratum
    return population


def _cell(about: PostRecord | Checked, origin: Origin, created: str | None, *, flagged: bool) -> Cell | None:
    """Where a post belongs; None for those that are not to be drawn."""
    from detector.dates import day_of

    found = any(finding.kind is not None for finding in about.findings)
    if about.abstained or found != flagged:
        return None
    day = day_of(created)
    return Cell(FLAGGED if flagged else stratum_of(about.score), origin.file, f"{day:%Y-%m}" if day else "")


def _row(post: Post, stratum: str, size: int, drawn: int) -> Row:
    return Row(
        label="",
        note="",
        title=post.title,
        text=post.text,
        created=post.created,
        post=post.id,
        file=post.origin.file,
        record=post.origin.record,
        stratum=stratum,
        stratum_posts=size,
        drawn=drawn,
        weight=size / drawn,
    )


def write_rows(drawn: Iterable[Row], path: Path) -> None:
    """As the file's ending says. Raises `ConfigError` for another one."""
    from detector.reports.csv import safe_cell
    from detector.reports.parts.record import to_json

    if path.suffix not in (".csv", ".jsonl"):
        raise ConfigError(str(path), "a sample is written as .csv or .jsonl")
    lines = iter(drawn)
    first = next(lines)  # so that nothing is written when nothing can be drawn
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        out = path.open("x", encoding="utf-8", errors="backslashreplace", newline="")
    except OSError as error:
        raise ConfigError(str(path), f"cannot be written: {(error.strerror or str(error)).lower()}") from error
    with out as file:
        if path.suffix == ".csv":
            file.write(BYTE_ORDER_MARK)
            writer = csv.writer(file)
            writer.writerow(Row.__struct_fields__)
            for row in (first, *lines):
                cells = ["" if cell is None else cell for cell in msgspec.structs.astuple(row)]
                writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in cells])
        else:
            file.writelines(to_json(row).decode() + "\n" for row in (first, *lines))
