"""`detector disclaimers`: list, show, validate and compare registered texts."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detector.cli.exits import Exit
from detector.cli.options import PolicyOption
from detector.errors import ConfigError

if TYPE_CHECKING:
    from detector.registry import Disclaimer, Registry

DIFF_SIGNS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
WIDE = 400
DIFF_STYLES = {"same": "", "removed": "red strike", "added": "green underline"}

disclaimers = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="The registered disclaimers: list, show, validate, compare."
)


@disclaimers.command("list")
def list_all(*, policy: PolicyOption = "default") -> None:
    """List every registered text: where it comes from and how sure we are of its wording."""
    from rich.console import Console
    from rich.table import Column, Table

    from detector.registry.overview import rows

    table = Table(Column("id", no_wrap=True), "what", "where", Column("state", no_wrap=True), "wording from", box=None)
    for row in rows(registered(policy)):
        state = ("standard" if row.standard else "folk") if row.enabled else "disabled"
        table.add_row(row.id, row.title, row.jurisdiction, state, f"{row.confidence}, read {row.read}")
    console = Console()
    if not console.is_terminal:
        console.width = WIDE  # a row is a line, for grep
    console.print(table)


@disclaimers.command()
def show(name: Annotated[str, typer.Argument(metavar="ID")], *, policy: PolicyOption = "default") -> None:
    """Show one text: every version and variant, its slots and its source."""
    entry = find(name, registered(policy))
    typer.echo(f"{entry.id}: {entry.title} ({entry.jurisdiction}, {entry.language})")
    typer.echo(f"source: {entry.source.name}, read {entry.source.date}, confidence {entry.source.confidence}")
    if entry.source.note:
        typer.echo(f"note: {entry.source.note}")
    for version in entry.versions:
        for variant, text in version.variants.items():
            state = "" if text.enabled and entry.enabled else " (disabled)"
            when = f", {text.when}" if text.when else ""
            typer.echo(f"\nversion {version.name}, {variant}{when}{state}:\n{text.wording}")
    for slot, rule in entry.slots.items():
        typer.echo(f"\nslot {{{slot}}}: {rule.kind}, as in {rule.example!r}")


@disclaimers.command(no_args_is_help=True)
def validate(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE|FOLDER...", help="Disclaimer files (TOML), or folders.")],
) -> None:
    """Check disclaimer files: keys, slots, versions, and that their own examples come out as they say."""
    from detector.registry import load_registry

    registry, sound = load_registry(), True
    for path in files_of(paths):
        complaints = list(complaints_about(path, registry))
        sound = sound and not complaints
        typer.echo(f"{path}: sound" if not complaints else "\n".join(complaints))
    raise typer.Exit(Exit.CLEAN if sound else Exit.FINDINGS)


def files_of(paths: list[Path]) -> Iterator[Path]:
    """The files that are named, and those in the folders that are. Raises `ConfigError`."""
    for path in paths:
        files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
        if not files:
            raise ConfigError(str(path), "no disclaimer file (*.toml) in this folder")
        if not files[0].exists():
            raise ConfigError(str(path), "no such file or folder")
        yield from files


def complaints_about(path: Path, registry: Registry) -> Iterator[str]:
    """What is wrong with one file, a line each."""
    from detector.pipeline.disclaimers.inspection import failing_examples
    from detector.registry import read_disclaimer

    try:
        entry = read_disclaimer(path)
    except ConfigError as error:
        yield str(error)
        return
    yield from (f"{path}: `examples`: {complaint}" for complaint in failing_examples(entry, registry))


@disclaimers.command(no_args_is_help=True)
def diff(
    first: Annotated[str, typer.Argument(metavar="ID[@VERSION]")],
    second: Annotated[
        str, typer.Argument(metavar="ID[@VERSION]|TEXT", help="Another text, another version, or any wording.")
    ],
    *,
    policy: PolicyOption = "default",
) -> None:
    """Show how a second wording differs from a registered one, word by word, and what each change does."""
    from rich.console import Console
    from rich.text import Text

    from detector.pipeline.disclaimers.inspection import differences
    from detector.registry.segments import segments

    registry = registered(policy)
    expected, found = wording(first, registry), wording(second, registry, text_allowed=True)
    edits = differences(find(first.partition("@")[0], registry), expected, found)
    shown = Text()
    for segment in segments(found, edits):
        sign = DIFF_SIGNS[segment.operation]
        shown.append(f"{sign[0]}{segment.text}{sign[1]}", style=DIFF_STYLES[segment.operation])
    console = Console(highlight=False)
    console.print(shown)
    for edit in sorted(edits, key=lambda edit: not edit.changes_meaning):
        weight = "changes the meaning" if edit.changes_meaning else "does not change the meaning"
        console.print(f"  {edit.edit_class}: {edit.expected!r} → {edit.found!r}, {weight}", markup=False)
    raise typer.Exit(Exit.FINDINGS if edits else Exit.CLEAN)


def wording(name: str, registry: Registry, *, text_allowed: bool = False) -> str:
    """The newest or the named version of a registered text; or, if allowed, the words themselves."""
    name_only, _, version = name.partition("@")
    if text_allowed and name_only not in registry and len(name.split()) > 1:
        return name
    entry = find(name_only, registry)
    versions = {each.name: each for each in entry.versions}
    if version and version not in versions:
        raise ConfigError("disclaimers", f"{entry.id} has no version {version!r}", f"one of: {', '.join(versions)}")
    chosen = versions[version] if version else entry.versions[-1]
    return chosen.variants["full"].wording if "full" in chosen.variants else entry.wording


def registered(policy: str) -> Registry:
    """The texts that hold under a policy: the shipped ones and its own."""
    from detector.policy import load_policy
    from detector.registry import load_registry

    own = load_policy(policy).disclaimer_folder
    return load_registry([own] if own else [])


def find(name: str, registry: Registry) -> Disclaimer:
    """The text of that id. Raises `ConfigError`."""
    if name not in registry:
        nearest = get_close_matches(name, registry.entries, n=1)
        cure = f"did you mean {nearest[0]}?" if nearest else f"one of: {', '.join(registry.entries)}"
        raise ConfigError("disclaimers", f"no text is registered as {name!r}", cure)
    return registry[name]
