"""A run kept in a folder: started, gone on with, concluded; what `audit --run` and `verify --again` share."""

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import msgspec
from msgspec.structs import replace

from detector import __version__, readers, reports
from detector.checked import Tally
from detector.cli.interruption import Interruption
from detector.cli.recording import CHECKPOINT, FINDINGS, REJECTED, Checkpoint, Recording, read_checkpoint
from detector.cli.replay import replay
from detector.cli.session import make_run, now, posts_of
from detector.engine import Detector
from detector.errors import ConfigError
from detector.manifest import (
    SCHEMA,
    FileChecksum,
    MadeBy,
    Manifest,
    Options,
    Outcome,
    circumstances,
    counts_of,
    file_checksum,
    package_checksum,
    read_manifest,
    records_of,
    write_manifest,
    write_whole,
)  # fmt: skip
from detector.post import Post, Rejected
from detector.processes import cores
from detector.readers.base.opening import STANDARD_INPUT, files_below
from detector.reports.parts.record import to_json

CAMPAIGNS = "campaigns.json"
CAMPAIGNS_SCHEMA = "detector.campaigns/1"
Watch = Callable[[Iterable[Post | Rejected]], Iterable[Post | Rejected]]


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run folder, its manifest so far, what judges, and in how many processes (0: as many as needed)."""

    folder: Path
    manifest: Manifest
    detector: Detector
    workers: int = 0


def start(folder: Path, options: Options, *, workers: int, started: str = "") -> KeptRun:
    """Make the run folder with a manifest that says what is going to be read. Raises `ConfigError`."""
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise ConfigError(str(folder), "is no empty folder", "name another, or go on with the run in it by --resume")
    check_apart(folder, options.files)
    for name in options.reports:
        reports.load(name)
    detector = Detector(options.policy)
    manifest = Manifest(
        schema=SCHEMA,
        outcome="running",
        options=options,
        made_by=made_by(detector),
        inputs=tuple(input_checksums(options.files)),
        circumstances=circumstances(started=started or now(), workers=workers or cores()),
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_manifest(manifest, folder)
    except OSError as error:
        raise ConfigError(str(folder), f"cannot be written: {(error.strerror or str(error)).lower()}") from error
    return KeptRun(folder, manifest, detector, workers)


def reopen(folder: Path, *, workers: int) -> KeptRun:
    """A run to go on with; nothing that it depends on may have changed. Raises `ConfigError`."""
    manifest = read_manifest(folder)
    detector = Detector(manifest.options.policy)
    cure = "audit again into another folder"
    if manifest.outcome == "complete":
        raise ConfigError(str(folder), "this run is complete", cure)
    if made_by(detector) != manifest.made_by:
        raise ConfigError(str(folder), "was begun with another package, model or policy", cure)
    if tuple(input_checksums(manifest.options.files)) != manifest.inputs:
        raise ConfigError(str(folder), "the input files are not those of its beginning", cure)
    before = manifest.circumstances
    after = replace(circumstances(started=before.started, workers=workers or cores()), resumed=before.resumed + 1)
    manifest = replace(manifest, outcome="running", circumstances=after)
    write_manifest(manifest, folder)
    return KeptRun(folder, manifest, detector, workers)


def carry_out(kept: KeptRun, *, finished: str = "", watch: Watch = iter) -> Tally:
    """Check what is still unchecked, then write reports and manifest; Ctrl-C leaves a run that can be resumed."""
    checkpoint = read_checkpoint(kept.folder)
    if not checkpoint.done:
        checkpoint = _record(kept, checkpoint, watch)
    return _conclude(kept, checkpoint, finished=finished or now())


def _record(kept: KeptRun, checkpoint: Checkpoint, watch: Watch) -> Checkpoint:
    run = make_run(kept.detector, Tally(), started=kept.manifest.circumstances.started)
    with Interruption() as interruption, Recording(kept.folder, checkpoint) as recording:
        posts = recording.posts(watch(read_again(kept.manifest.options)))
        for batch in interruption.watch(kept.detector.examine_batches(posts, workers=kept.workers)):
            recording.write(batch, run)
        recording.finish(done=not interruption.asked)
        return recording.checkpoint


def _conclude(kept: KeptRun, checkpoint: Checkpoint, *, finished: str) -> Tally:
    """Count what was recorded, render the reports from it, and sign it all off in the manifest."""
    names = kept.manifest.options.reports
    tally, *_ = [_render(kept, name, checkpoint, finished=finished) for name in names or ("",)]
    _write_campaigns(kept.folder, tally)
    outcome: Outcome = "complete" if checkpoint.done else "interrupted"
    files = [FINDINGS, REJECTED, CAMPAIGNS, *map(report_file, names)]
    manifest = replace(
        kept.manifest,
        outcome=outcome,
        records=records_of(tally),
        counts=counts_of(tally),
        outputs=tuple(file_checksum(kept.folder / file, name=file) for file in files),
        circumstances=replace(kept.manifest.circumstances, finished=finished),
    )
    write_manifest(manifest, kept.folder)
    if checkpoint.done:
        (kept.folder / CHECKPOINT).unlink(missing_ok=True)
    return tally


def _render(kept: KeptRun, report: str, checkpoint: Checkpoint, *, finished: str) -> Tally:
    """One pass over the posts and their records, for one report (or, without a name, just to count)."""
    tally = Tally(interrupted=not checkpoint.done)
    for each in kept.manifest.inputs:
        tally.file(each.file).sha256 = each.sha256
    run = make_run(kept.detector, tally, started=kept.manifest.circumstances.started)
    posts = posts_of(islice(read_again(kept.manifest.options), checkpoint.records), tally)
    stream = tally.watch(replay(kept.folder / FINDINGS, posts), clock=lambda: finished)
    if not report:
        deque(stream, maxlen=0)
        return tally
    with (kept.folder / report_file(report)).open("wb") as out:
        reports.load(report).render(stream, run, out)
    return tally


def report_file(name: str) -> str:
    """The name of a report within the run folder."""
    return f"report{reports.load(name).SUFFIX or '.' + name}"


def read_again(options: Options) -> Iterator[Post | Rejected]:
    """All records of the run's input files."""
    return readers.read(
        options.files,
        format_name=options.format,
        field_map=options.map,
        private_messages=options.private,
        limits=readers.Limits(**options.limits),
    )


def check_apart(written: Path, files: Iterable[str]) -> None:
    """Raise `ConfigError` for an output among the inputs: the run would read what it writes, and might never end."""
    place = written.resolve()
    for file in files:
        read = Path(file).resolve()
        if file != STANDARD_INPUT and (place == read or read in place.parents):
            what = "is an input file" if place == read else f"lies in {file}, which is read"
            raise ConfigError(str(written), what, "write elsewhere")


def check_standard_output(files: Iterable[str]) -> None:
    """Raise `ConfigError` where the shell sends standard output into one of the inputs, as `check_apart` does."""
    written = os.fstat(1)
    for path in files if stat.S_ISREG(written.st_mode) else ():
        for file in files_below(path) if Path(path).is_dir() else [path]:
            if Path(file).is_file() and os.path.samestat(Path(file).stat(), written):
                raise ConfigError("standard output", f"goes to {file}, which is read", "write elsewhere")


def input_checksums(paths: Iterable[str]) -> Iterator[FileChecksum]:
    """Every input file with its checksum; one that does not exist is left to the readers to reject."""
    for path in paths:
        if path == STANDARD_INPUT or (Path(path).exists() and not (Path(path).is_file() or Path(path).is_dir())):
            raise ConfigError(
                path, "cannot be read a second time", "save it to a file: a kept run has to be verifiable"
            )
    yield from checksums_of_files(paths)


def checksums_of_files(paths: Iterable[str]) -> Iterator[FileChecksum]:
    """The checksums of whatever can be read twice: plain files, and those in folders; readers reject the others."""
    for path in paths:
        for file in files_below(path) if Path(path).is_dir() else [path]:
            if Path(file).is_file() and os.access(file, os.R_OK):
                yield file_checksum(Path(file), name=os.fsencode(file).decode("utf-8", "replace"))


def made_by(detector: Detector) -> MadeBy:
    """What is going to judge."""
    return MadeBy(
        version=__version__,
        package_sha256=package_checksum(),
        model_sha256=detector.model.checksum,
        policy=detector.policy.name,
        policy_sha256=detector.policy.checksum,
        thresholds=detector.thresholds,
    )


def _write_campaigns(folder: Path, tally: Tally) -> None:
    content = {"schema": CAMPAIGNS_SCHEMA, "campaigns": tally.campaigns.found()}
    write_whole(folder / CAMPAIGNS, msgspec.json.format(to_json(content), indent=2) + b"\n")
