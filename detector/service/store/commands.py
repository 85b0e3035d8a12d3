"""`detector verify-log` and `detector store`: prove the evidence log, export it, export labels, upgrade, purge."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from detector.service.store.database import Database
    from detector.service.store.evidence import Chain

VERIFIED, NOT_VERIFIED = 0, 1
SQLITE_FILE = b"SQLite format 3\0"

UrlArgument = Annotated[
    str, typer.Argument(metavar="URL", help="sqlite:///path/to/store.db or postgresql://user@host/database.")
]

store = typer.Typer(
    name="store", no_args_is_help=True, rich_markup_mode=None, help="The service's store: log, labels, upkeep."
)


def verify_log(
    log: Annotated[str, typer.Argument(metavar="URL|FILE", help="A store's URL or file, or an exported log (JSONL).")],
    *,
    head: Annotated[str, typer.Option(metavar="HASH", help="A hash that was the log's head once.")] = "",
) -> None:
    """Prove that no entry of an evidence log was changed, dropped, swapped or inserted.

    Prints the number of entries and the head, the hash of the last one. Keep it elsewhere and give it as --head later:
    only then does it show if the end was cut off or everything was rewritten. Exit code 0: the log holds; 1: it does
    not, and the first broken entry is named; 3: it cannot be read.
    """
    chain, problems = _verified(log, head)
    for problem in problems:
        typer.echo(f"FAILED  {problem}")
    typer.echo(f"{chain.entries} entries hold, head {chain.head}")
    if head and chain.noted is not None:
        typer.echo(f"the noted head is entry {chain.noted}")
    typer.echo("NOT verified" if problems else "verified")
    raise typer.Exit(NOT_VERIFIED if problems else VERIFIED)


def _verified(log: str, head: str) -> tuple[Chain, list[str]]:
    """What holds, and what does not, in words."""
    from detector.service.store.evidence import verify
    from detector.service.store.log import prove, read_export, stale

    url = _url_of(log)
    if url is None:
        with closing(read_export(Path(log))) as entries:
            chain = verify(entries, noted=head)
        return chain, _broken(chain)
    with _database(url) as database:
        chain = prove(database, noted=head)
        problems = _broken(chain)
        if chain.broken is None:
            problems += [
                f"text {content}: the decision that stands on it is not the log's last"
                for content, _ in stale(database)
            ]
    return chain, problems


def _broken(chain: Chain) -> list[str]:
    return [] if chain.broken is None else [f"at entry {chain.broken.place}: {chain.broken.problem}"]


def _url_of(log: str) -> str | None:
    """The URL, if a store is meant; None for an exported file."""
    if "://" in log:
        return log
    path = Path(log)
    if path.is_file():
        with path.open("rb") as file:
            if file.read(len(SQLITE_FILE)) == SQLITE_FILE:
                return f"sqlite:///{path}"
    return None


@contextmanager
def _database(url: str) -> Iterator[Database]:
    """The store as it is: commands that only look change nothing."""
    from detector.service.store.database import open_database

    with closing(open_database(url, upgrade=False)) as database:
        yield database


@store.command("log")
def export_log(url: UrlArgument) -> None:
    """Write the evidence log as JSON Lines, for an archive or an auditor."""
    from detector.service.store.log import export

    out = typer.get_binary_stream("stdout")
    with _database(url) as database, closing(export(database)) as lines:
        out.writelines(lines)
        out.flush()


@store.command("labels")
def export_labels(url: UrlArgument) -> None:
    """Write moderators' decisions as training labels (JSON Lines)."""
    from detector.service.store.labels import training_lines

    out = typer.get_binary_stream("stdout")
    with _database(url) as database, closing(training_lines(database)) as lines:
        out.writelines(lines)
        out.flush()


@store.command()
def upgrade(url: UrlArgument) -> None:
    """Bring a store's tables up to date, where the service's own account may not."""
    from detector.service.store.database import open_database

    open_database(url).close()
    typer.echo("up to date")


@store.command()
def purge(
    url: UrlArgument,
    *,
    days: Annotated[int, typer.Option(min=0, help="Remove texts of posts checked longer ago than this.")],
) -> None:
    """Remove old texts, authors and quotations; hashes and the evidence log stay, and the log says what was done."""
    from detector.service.store.store import Store

    with closing(Store.open(url, retention_days=days)) as opened:
        typer.echo(f"text of {opened.purge()} posts removed")
