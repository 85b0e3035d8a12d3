"""`detector verify`: prove that a kept run is what its manifest says, and that it can be had again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from detector.errors import InputError

if TYPE_CHECKING:
    from detector.manifest import FileChecksum, MadeBy, Manifest


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that was checked, whether it holds, and what was seen."""

    subject: str
    holds: bool
    seen: str

    def __str__(self) -> str:
        return f"{'ok    ' if self.holds else 'FAILED'}  {self.subject}: {self.seen}"


def verify(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that `detector audit --run` wrote.")],
    *,
    inputs: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="The folder that the audit ran in, if not the current one."),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Also audit anew and compare every byte.")] = False,
    workers: Annotated[int, typer.Option(min=0, help="Processes for --again, as in audit.")] = 0,
) -> None:
    """Prove that a kept run's outputs and inputs are those that its manifest names.

    One line a check. Without --again nothing is judged anew: outputs and inputs are compared with their checksums, and
    the counts with a new count. Exit code 0: all holds; 1: something does not; 3: there is no manifest to go by.
    """
    from detector.cli.exits import Exit

    holds = True
    for verdict in verdicts(folder, inputs=inputs or Path(), again=again, workers=workers):
        typer.echo(str(verdict))
        holds = holds and verdict.holds
    typer.echo("verified" if holds else "NOT verified")
    raise typer.Exit(Exit.CLEAN if holds else Exit.FINDINGS)


def verdicts(folder: Path, *, inputs: Path, again: bool, workers: int) -> Iterator[Verdict]:
    """Everything that can be checked, cheapest first. Raises `InputError` without a manifest."""
    from detector.manifest import FILE, file_checksum, read_manifest

    manifest = read_manifest(folder)
    yield Verdict(FILE, holds=True, seen=f"sha256 {file_checksum(folder / FILE).sha256}")
    yield Verdict("outcome", manifest.outcome == "complete", manifest.outcome)
    for output in manifest.outputs:
        yield _unchanged("output", output, folder)
    yield _counts(folder, manifest)
    unchanged = [_unchanged("input", each, inputs) for each in manifest.inputs]
    yield from unchanged
    if again:
        yield from _again(manifest, inputs, workers) if all(each.holds for each in unchanged) else ()


def _unchanged(role: str, expected: FileChecksum, folder: Path) -> Verdict:
    from detector.manifest import file_checksum

    subject = f"{role} {expected.file}"
    try:
        found = file_checksum(folder / expected.file, name=expected.file)
    except InputError as error:
        cure = " (--inputs FOLDER names the folder that the audit ran in)" if role == "input" else ""
        return Verdict(subject, holds=False, seen=error.reason + cure)
    if found == expected:
        return Verdict(subject, holds=True, seen=f"sha256 {found.sha256}")
    return Verdict(subject, holds=False, seen=f"sha256 {found.sha256}, not {expected.sha256}")


def _counts(folder: Path, manifest: Manifest) -> Verdict:
    """Count the primary record once more."""
    from detector.checked import Tally
    from detector.cli.recording import FINDINGS, REJECTED
    from detector.cli.replay import checked_of, read_lines
    from detector.manifest import counts_of
    from detector.post import Post, Rejected
    from detector.reports.parts.record import PostRecord

    tally = Tally()
    try:
        for record in read_lines(folder / FINDINGS, PostRecord):
            tally.add(checked_of(record, Post(record.id, "", origin=record.origin)))
        for rejected in read_lines(folder / REJECTED, Rejected):
            tally.reject(rejected)
    except InputError as error:
        return Verdict("counts", holds=False, seen=str(error))
    counts = counts_of(tally)
    seen = f"{counts.records:,} records, {counts.posts:,} posts, {counts.findings:,} findings"
    seen += f", {counts.suppressed:,} let stand" if counts.suppressed else ""
    said = manifest.counts
    if said is not None and said != counts:
        wrong = (name for name in counts.__struct_fields__ if getattr(counts, name) != getattr(said, name))
        seen += "; the manifest says " + ", ".join(f"{name} {getattr(said, name)}" for name in wrong)
    return Verdict("counts", counts == said, seen)


def _again(manifest: Manifest, inputs: Path, workers: int) -> Iterator[Verdict]:
    """Audit the same files anew, at the times that the manifest names, and compare what comes out."""
    from contextlib import chdir

    from detector.cli.runs import carry_out, start
    from detector.manifest import read_manifest

    times = manifest.circumstances
    with TemporaryDirectory(prefix="detector-verify-") as name, chdir(inputs):
        kept = start(Path(name), manifest.options, workers=workers, started=times.started)
        carry_out(kept, finished=times.finished)
        found = {each.file: each.sha256 for each in read_manifest(Path(name)).outputs}
    changed = _changed(kept.manifest.made_by, manifest.made_by)
    yield Verdict("package, model and policy", not changed, f"changed: {', '.join(changed)}" if changed else "as then")
    for output in manifest.outputs:
        same = found.get(output.file) == output.sha256
        yield Verdict(f"again {output.file}", same, "the same bytes" if same else _other_bytes(kept.manifest, manifest))


def _other_bytes(now: Manifest, then: Manifest) -> str:
    if now.circumstances.compiled == then.circumstances.compiled:
        return "other bytes"
    by = {True: "compiled loops", False: "NumPy alone"}
    was, found = by[then.circumstances.compiled], by[now.circumstances.compiled]
    return f"other bytes; worked out by {was} then and {found} now, which differ in the last digits"


def _changed(now: MadeBy, then: MadeBy) -> list[str]:
    """What of package, model and policy is not as it was."""
    return [name for name in now.__struct_fields__ if getattr(now, name) != getattr(then, name)]
