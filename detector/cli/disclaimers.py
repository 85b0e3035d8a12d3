"""`detector disclaimers`: list, show, validate and compare registered texts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detector.cli.exits import Exit
from detector.cli.options import PolicyOption
from detector.errors import ConfigError

if TYPE_CHECKING:
    from detector.registry import Disclaimer, Registry

DIFF_SIGNS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
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
    Console().print(table)


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
def validate(files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Disclaimer files (TOML).")]) -> None:
    """Check disclaimer files: keys, slots, versions, and that their own examples come out as they say."""
    from detector.pipeline.disclaimers.inspection import failing_examples
    from detector.registry import load_registry, read_disclaimer

    registry, sound = load_registry(), True
    for path in files:
        complaints = list(failing_examples(read_disclaimer(path), registry))
        sound = sound and not complaints
        typer.echo(f"{path}: {'sound' if not complaints else '; '.join(complaints)}")
    raise typer.Exit(Exit.CLEAN if sound else Exit.FINDINGS)


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
    for edit in edits:
        weight = "changes the meaning" if edit.changes_meaning else "does not change the meaning"
        console.print(f"  {edit.edit_class}: {edit.expected!r} → {edit.found!r}, {weight}", markup=False)
    raise typer.Exit(Exit.FINDINGS if edits else Exit.CLEAN)


def wording(name: str, registry: Registry, *, text_allowed: bool = False) -> str:
    """The newest or the named version of a registered text; or, if allowed, the words themselves."""
    name_only, _, version = name.partition("@")
    if text_allowed and name_only not in registry:
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
        raise ConfigError("disclaimers", f"no text is registered as {name!r}", f"one of: {', '.join(registry.entries)}")
    return registry[name]
