"""A run's manifest: what was read, what read it, how, and what came out, each with its checksum.

Two runs over the same input with the same package, model, policy and options differ in `circumstances` only.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec

from detector import compiled
from detector.checked import Tally
from detector.errors import InputError

SCHEMA = "detector.run/1"
FILE = "manifest.json"
DISTRIBUTION = "advice-detector"
BLOCK_BYTES = 1024 * 1024
BUILT = (".so", ".pyd")  # compiled from sources that count themselves, by whatever compiler was at hand
REQUIREMENT_NAME = re.compile(r"[\w.-]+")

Outcome = Literal["running", "interrupted", "complete"]


class FileChecksum(msgspec.Struct, frozen=True):
    """A file's name, size and SHA-256."""

    file: str
    bytes: int
    sha256: str


class Options(msgspec.Struct, frozen=True):
    """What the user asked for, so far as it may change what comes out."""

    files: tuple[str, ...]
    policy: str = "default"
    format: str | None = None
    map: dict[str, str] = {}
    private: bool = False
    limits: dict[str, int] = {}
    reports: tuple[str, ...] = ()


class MadeBy(msgspec.Struct, frozen=True):
    """What judged: package (its version and all of its files), model, policy, and the thresholds in force."""

    version: str
    package_sha256: str
    model_sha256: str
    policy: str
    policy_sha256: str
    thresholds: dict[str, float]


class FileRecords(msgspec.Struct, frozen=True):
    """What one file (or one member of an archive) gave."""

    file: str
    posts: int
    rejected: int
    left_out: int


class Counts(msgspec.Struct, frozen=True):
    """`records == posts + rejected + left_out` and `posts == flagged + clean + unjudged`.

    `by_rule` adds up to `findings`. What the rules found in all is `findings + suppressed`: the latter were let stand
    by comments in the text, where the policy honours those; a post with nothing else counts as clean.
    """

    records: int
    posts: int
    flagged: int
    clean: int
    unjudged: int
    rejected: int
    left_out: int
    findings: int
    by_rule: dict[str, int]
    by_kind: dict[str, int]
    suppressed: int = 0


class Circumstances(msgspec.Struct, frozen=True):
    """All that may differ between two runs that say the same. `workers`: the most processes that could have worked.

    `compiled`: whether the loops of `detector/compiled` did the work, or NumPy; last digits depend on it.
    """

    started: str
    finished: str = ""
    resumed: int = 0
    workers: int = 1
    python: str = ""
    platform: str = ""
    packages: dict[str, str] = {}
    compiled: bool = False


class Manifest(msgspec.Struct, frozen=True):
    """The whole of `manifest.json`."""

    schema: str
    outcome: Outcome
    options: Options
    made_by: MadeBy
    inputs: tuple[FileChecksum, ...]
    circumstances: Circumstances
    records: tuple[FileRecords, ...] = ()
    counts: Counts | None = None
    outputs: tuple[FileChecksum, ...] = ()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a run folder. Raises `InputError`."""
    path = folder / FILE
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(str(path), reason, "name a folder that `detector audit --run` wrote") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(str(path), f"is no manifest: {error}", "it was changed or cut off: audit again") from error
    if manifest.schema != SCHEMA:
        reason = f"has the schema {manifest.schema!r}, this package reads {SCHEMA!r}"
        raise InputError(str(path), reason, "use the version of this package that wrote it")
    return manifest


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write `manifest.json`, whole or not at all."""
    write_whole(folder / FILE, msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file in one step that survives a power cut: its readers see the old content or the new."""
    draft = path.with_name(path.name + ".draft")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def file_checksum(path: Path, *, name: str = "") -> FileChecksum:
    """Checksum of a file of any size, read in blocks. Raises `InputError`."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
            return FileChecksum(name or str(path), file.tell(), digest.hexdigest())
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {(error.strerror or str(error)).lower()}") from error


@cache
def package_checksum() -> str:
    """SHA-256 over every file of the installed package, names included: code, texts and model."""
    root = Path(str(files("detector")))
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in BUILT:
            digest.update(f"{path.relative_to(root).as_posix()}\0{file_checksum(path).sha256}\n".encode())
    return digest.hexdigest()


def circumstances(*, started: str, workers: int) -> Circumstances:
    """This process: where and with which packages it runs."""
    return Circumstances(
        started=started,
        workers=workers,
        python=f"{platform.python_implementation()} {platform.python_version()}",
        platform=platform.platform(),
        packages=dict(_packages()),
        compiled=compiled.sums is not None,
    )


def _packages() -> Iterable[tuple[str, str]]:
    """Versions of what this package asks for, extras only where they are installed."""
    for requirement in metadata.requires(DISTRIBUTION) or ():
        name = REQUIREMENT_NAME.match(requirement)
        if name:
            try:
                yield name[0], metadata.version(name[0])
            except metadata.PackageNotFoundError:
                continue


def counts_of(tally: Tally) -> Counts:
    """The tally as the manifest keeps it."""
    return Counts(
        records=tally.records,
        posts=tally.posts,
        flagged=tally.flagged,
        clean=tally.clean,
        unjudged=tally.unjudged,
        rejected=tally.rejected,
        left_out=tally.left_out,
        findings=tally.findings.total(),
        by_rule=dict(sorted(tally.by_rule().items())),
        by_kind=dict(sorted(tally.by_kind().items())),
        suppressed=tally.suppressed,
    )


def records_of(tally: Tally) -> tuple[FileRecords, ...]:
    """What each file gave, in the order in which they were read."""
    return tuple(FileRecords(name, count.posts, count.rejected, count.left_out) for name, count in tally.files.items())
