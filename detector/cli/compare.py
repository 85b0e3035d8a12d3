"""`detector compare`: what is new, gone or changed between two audits."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
import typer

from detector.errors import ConfigError

if TYPE_CHECKING:
    from detector.reports.parts.record import FindingRecord, PostRecord

CACHE_KIB = 65_536
KEY_BYTES = 16
SHOWN_DIGITS = 2  # probabilities that read the same in whole per cent are the same
Change = Literal["new", "gone", "changed"]


class Said(msgspec.Struct, frozen=True):
    """What a finding says, apart from where; two findings in one place that differ in it are a change."""

    severity: str
    kind: str | None
    target: str | None
    probability: float | None
    integrity: str | None
    edits: int


class Place(msgspec.Struct, frozen=True):
    """Which finding, in which post; offsets are code points of its field. Holds no text."""

    finding: str
    rule: str
    post: str
    file: str
    record: int
    field: str
    start: int
    end: int


class Difference(msgspec.Struct, frozen=True):
    """A finding that is not the same in both audits; `before` and `after` hold what changed in it."""

    change: Change
    place: Place
    before: dict[str, str | float | None] = {}
    after: dict[str, str | float | None] = {}


def compare(
    old: Annotated[Path, typer.Argument(help="The earlier audit: a run folder, or a file of --to jsonl.")],
    new: Annotated[Path, typer.Argument(help="The later one.")],
    *,
    to: Annotated[
        str, typer.Option("--to", metavar="text|json", help="For people, or one JSON object a line.")
    ] = "text",
) -> None:
    """List the findings that are new, gone or changed between two audits.

    A finding is known by its rule, its place and the text of its post, wherever that post was filed. Memory stays flat:
    both audits are put into a temporary database on disk (no text of posts). Exit code 0:
    no difference; 1: differences.
    """
    from detector.cli.exits import Exit
    from detector.reports.parts.record import to_json

    if to not in ("text", "json"):
        raise ConfigError("--to", f"unknown: {to!r}", "text or json")
    for line in _told_apart(old, new):
        typer.echo(line, err=True)
    counts: Counter[str] = Counter()
    for difference in differences(findings_file(old), findings_file(new)):
        counts[difference.change] += 1
        typer.echo(as_text(difference) if to == "text" else to_json(difference))
    typer.echo(", ".join(f"{counts[change]:,} {change}" for change in ("new", "gone", "changed")), err=to == "json")
    raise typer.Exit(Exit.FINDINGS if counts else Exit.CLEAN)


def _told_apart(old: Path, new: Path) -> Iterator[str]:
    """Of run folders: which are not complete, and what else than findings is not the same."""
    from detector.manifest import read_manifest

    manifests = {path: read_manifest(path) for path in (old, new) if path.is_dir()}
    for path, manifest in manifests.items():
        if manifest.outcome != "complete":
            yield f"{path}: the run is {manifest.outcome}; what it did not reach has no findings"
    if old in manifests and new in manifests:
        then, now = manifests[old], manifests[new]
        named = {"version": "package", "package_sha256": "package", "model_sha256": "model", "policy_sha256": "policy"}
        made = (
            name for name in then.made_by.__struct_fields__ if getattr(then.made_by, name) != getattr(now.made_by, name)
        )
        changed = [*dict.fromkeys(named.get(name, name) for name in made)]
        changed += (
            ["input files"] if {each.sha256 for each in then.inputs} != {each.sha256 for each in now.inputs} else []
        )
        yield f"between the runs changed: {', '.join(changed) or 'nothing'}"


def findings_file(path: Path) -> Path:
    """The primary record of a run folder, or the file itself."""
    from detector.cli.recording import FINDINGS

    return path / FINDINGS if path.is_dir() else path


def differences(old: Path, new: Path) -> Iterator[Difference]:
    """New and changed findings in the order of `new`, then those that are gone in the order of `old`."""
    with closing(sqlite3.connect("")) as database:  # without a name: on disk, and gone with the process
        database.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        for side, path in (("old", old), ("new", new)):
            database.execute("CREATE TABLE found (key BLOB, said BLOB, about BLOB)")
            database.executemany("INSERT INTO found VALUES (?, ?, ?)", _rows(path))
            database.executescript(NUMBERED.format(side=side))
        for before, after, about in database.execute(DIFFERENCES):
            yield _difference(before, after, about)


# The same text posted twice gives the same key twice: the first is compared with the first, the second with the second.
NUMBERED = """
CREATE TABLE {side} (
  number INTEGER, key BLOB, copy INTEGER, said BLOB, about BLOB, PRIMARY KEY (key, copy)
) WITHOUT ROWID;
INSERT INTO {side} SELECT rowid, key, row_number() OVER (PARTITION BY key ORDER BY rowid), said, about FROM found;
DROP TABLE found;
"""
DIFFERENCES = """
SELECT before, after, about FROM (
  SELECT 1 AS part, new.number AS number, old.said AS before, new.said AS after, new.about AS about
  FROM new LEFT JOIN old ON old.key = new.key AND old.copy = new.copy WHERE old.said IS NOT new.said
  UNION ALL
  SELECT 2, old.number, old.said, NULL, old.about
  FROM old LEFT JOIN new ON new.key = old.key AND new.copy = old.copy WHERE new.key IS NULL
) ORDER BY part, number
"""


def _rows(path: Path) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Each finding of an audit: its key, what it says, and where it is."""
    from detector.cli.replay import read_lines
    from detector.reports.parts.record import PostRecord, to_json

    for record in read_lines(path, PostRecord):
        origin = record.origin
        for finding in record.findings:
            span = (finding.field, finding.start, finding.end)
            about = Place(finding.id, finding.rule, record.id, origin.file, origin.record, *span)
            yield _key(record, finding), to_json(_said(finding)), to_json(about)


def _key(record: PostRecord, finding: FindingRecord) -> bytes:
    """What makes two findings the same: all that the finding's id has in it but the policy."""
    place = (finding.rule, finding.disclaimer or "", finding.field, str(finding.start), str(finding.end))
    return hashlib.sha256("\0".join((*place, record.sha256)).encode()).digest()[:KEY_BYTES]


def _said(finding: FindingRecord) -> Said:
    return Said(
        severity=finding.severity,
        kind=finding.kind,
        target=finding.target,
        probability=None if finding.probability is None else round(finding.probability, SHOWN_DIGITS),
        integrity=finding.integrity,
        edits=len(finding.edits),
    )


def _difference(before: bytes | None, after: bytes | None, about: bytes) -> Difference:
    place = msgspec.convert(json.loads(about), Place)
    if before is None or after is None:
        return Difference("new" if before is None else "gone", place)
    then, now = json.loads(before), json.loads(after)
    names = [name for name in now if then[name] != now[name]]
    return Difference("changed", place, {name: then[name] for name in names}, {name: now[name] for name in names})


def as_text(difference: Difference) -> str:
    """One line for people."""
    place = difference.place
    where = f"{place.file}, record {place.record}: post {place.post}, {place.field} {place.start}-{place.end}"
    changes = (f"{name} {then} -> {difference.after[name]}" for name, then in difference.before.items())
    line = "  ".join((f"{difference.change:<7}", place.finding, place.rule, where, ", ".join(changes))).rstrip()
    return "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in line)  # an id may hold anything
