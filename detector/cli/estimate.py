"""`detector estimate`: what a read sample says of the whole run."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from detector.errors import ConfigError, InputError
from detector.estimates import CONFIDENCE, Estimate, Stratum, recall, total
from detector.reading import OTHER_KINDS, RECOMMENDATION_KINDS

YES = {"yes", "y", "1", "true", *RECOMMENDATION_KINDS}
NO = {"no", "n", "0", "false", *OTHER_KINDS}
DELIMITERS = ",;\t"
Place = tuple[str, str]


class Result(msgspec.Struct, frozen=True):
    """What `--to json` gives. `missed` are posts that hold a recommendation and were not flagged."""

    unflagged: int
    drawn: int
    read: int
    hits: int
    missed: Estimate
    missed_share: Estimate
    not_judged: int
    confidence: float = CONFIDENCE
    flagged: int = 0
    flagged_read: int = 0
    precision: Estimate | None = None
    recall: Estimate | None = None


def estimate(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="The run that the sample was drawn from.")],
    labelled: Annotated[Path, typer.Argument(metavar="SAMPLE", help="The file of `detector sample`, with labels.")],
    *,
    flagged: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A labelled sample of --flagged posts: gives precision and recall."),
    ] = None,
    to: Annotated[str, typer.Option("--to", metavar="text|json", help="For people, or as one JSON object.")] = "text",
) -> None:
    """Estimate how many posts with a recommendation were missed, with a 95 % interval.

    Per stratum the exact interval for finite populations (Clopper-Pearson), put together by MOVER. Rows without a label
    count as not drawn. With --flagged also the share of flagged posts that are right, and of all that was found.
    """
    if to not in ("text", "json"):
        raise ConfigError("--to", f"unknown: {to!r}", "text or json")
    result = evaluate(folder, labelled, flagged)
    typer.echo("\n".join(as_text(result)) if to == "text" else msgspec.json.encode(result).decode())


def evaluate(folder: Path, labelled: Path, flagged: Path | None) -> Result:
    """Bring labels and run together. Raises `InputError` where they do not fit."""
    from detector.manifest import read_manifest

    strata, drawn = _strata(folder, labelled, flagged=False)
    missed = total(list(strata.values()))
    unflagged = sum(stratum.size for stratum in strata.values())
    counts = read_manifest(folder).counts
    result = Result(
        unflagged=unflagged,
        drawn=drawn,
        read=sum(stratum.read for stratum in strata.values()),
        hits=sum(stratum.hits for stratum in strata.values()),
        missed=missed,
        missed_share=missed.scaled(1 / unflagged),
        not_judged=counts.unjudged if counts else 0,
    )
    return result if flagged is None else _with_flagged(result, folder, flagged)


def _with_flagged(result: Result, folder: Path, labelled: Path) -> Result:
    strata, _ = _strata(folder, labelled, flagged=True)
    (stratum,) = strata.values()
    found = total([stratum])
    return msgspec.structs.replace(
        result,
        flagged=stratum.size,
        flagged_read=stratum.read,
        precision=found.scaled(1 / stratum.size),
        recall=recall(found, result.missed),
    )


def _strata(folder: Path, labelled: Path, *, flagged: bool) -> tuple[dict[str, Stratum], int]:
    """The run's strata with what was read in them, and the number of rows."""
    from detector.cli.sample import count

    rows = _rows_by_place(labelled)
    population = count(folder, flagged=flagged, places=rows)
    sizes = population.sizes()
    read: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for place, (number, row) in rows.items():
        stratum, label = row["stratum"], row["label"].strip().lower()
        if population.found.get(place) != stratum or str(sizes.get(stratum)) != row["stratum_posts"]:
            raise InputError(str(labelled), "was not drawn from this run", _cure(stratum, flagged=flagged), number)
        if label not in YES | NO | {""}:
            raise InputError(str(labelled), f"unknown label {label!r}", "yes, no, a kind's name, or empty", number)
        read[stratum] += label != ""
        hits[stratum] += label in YES
    if not read.total():
        raise InputError(str(labelled), "holds no label", "fill in the column `label`")
    return {name: Stratum(size, read[name], hits[name]) for name, size in sizes.items()}, len(rows)


def _rows_by_place(labelled: Path) -> dict[Place, tuple[int, dict[str, str]]]:
    rows: dict[Place, tuple[int, dict[str, str]]] = {}
    for number, row in _labelled_rows(labelled):
        place = (row["file"], row["record"])
        if place in rows:
            raise InputError(str(labelled), f"is there twice, first as record {rows[place][0]}", "keep one", number)
        rows[place] = number, row
    return rows


def _cure(stratum: str, *, flagged: bool) -> str:
    """How to put right a row that does not belong to what is asked."""
    if (stratum == "flagged") != flagged:
        return "give flagged posts with --flagged, unflagged ones as SAMPLE"
    return "give the file that `detector sample` wrote for it"


COLUMNS = ("label", "file", "record", "stratum", "stratum_posts")


def _labelled_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a CSV file, as spreadsheets save it, or of a JSON Lines file, with their numbers."""
    try:
        lines = io.StringIO(_decoded(path.read_bytes()), newline="").readlines()
        rows = map(json.loads, lines) if path.suffix == ".jsonl" else _table(lines)
        for number, row in enumerate(rows, 1):
            yield number, {name: _cell(row, name) for name in COLUMNS}
    except OSError as error:
        reason = f"cannot be read: {(error.strerror or str(error)).lower()}"
        raise InputError(str(path), reason, "give the file that `detector sample` wrote, with labels") from error
    except KeyError as error:
        raise InputError(str(path), f"has no column {error}", "give the file that `detector sample` wrote") from error
    except (ValueError, csv.Error) as error:
        raise InputError(str(path), f"cannot be read: {error}", "save it as CSV in UTF-8") from error


def _decoded(content: bytes) -> str:
    """The file's text, also as spreadsheets save it that do not know UTF-8."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")  # only names and labels count, and they show what is wrong


def _table(lines: list[str]) -> Iterator[Mapping[str, Any]]:
    delimiter = max(DELIMITERS, key=lines[0].count) if lines else ","
    return csv.DictReader(lines, delimiter=delimiter)


def _cell(row: Mapping[str, Any], name: str) -> str:
    cell = str(row[name]) if row[name] is not None else ""
    return cell.removeprefix("'")  # what keeps spreadsheets from calculating


def as_text(result: Result) -> Iterator[str]:
    """The result for people."""
    sure = f"{result.confidence:.0%} interval"
    yield f"{result.unflagged:,} posts were judged and not flagged; {result.read:,} of {result.drawn:,} drawn were read"
    yield f"read with a recommendation in them: {result.hits:,}"
    missed, share = result.missed, result.missed_share
    yield f"missed in all: about {missed.value:,.0f} posts ({sure} {missed.low:,.0f} to {missed.high:,.0f})"
    yield f"  that is {share.value:.2%} of unflagged posts ({share.low:.2%} to {share.high:.2%})"
    for name, value in (("precision", result.precision), ("recall", result.recall)):
        if value is not None:
            yield f"{name} (posts): {value.value:.1%} ({sure} {value.low:.1%} to {value.high:.1%})"
    if result.not_judged:
        yield f"not covered: {result.not_judged:,} posts that were not judged (language)"
