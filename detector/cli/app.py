"""The application: its commands, and the one place where errors become words and exit codes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from detector import __version__
from detector.cli.audit import audit
from detector.cli.calibrate import calibrate
from detector.cli.check import check
from detector.cli.compare import compare
from detector.cli.disclaimers import disclaimers
from detector.cli.estimate import estimate
from detector.cli.exits import Exit
from detector.cli.explain import explain
from detector.cli.sample import sample
from detector.cli.train import train
from detector.cli.verify import verify
from detector.errors import ConfigError, DetectorError, InputError

app = typer.Typer(
    name="detector",
    help="Find investment recommendations and missing or altered disclaimers in posts.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: importing rich would double the time of `--help`
)


def _version(wanted: bool) -> None:  # noqa: FBT001 (typer's callback contract)
    if wanted:
        typer.echo(f"detector {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which.")] = False,  # noqa: FBT002
) -> None:
    del version


for command in (audit, check, explain, calibrate, verify, compare, sample, estimate, train):
    app.command(no_args_is_help=command is not check)(command)
app.add_typer(disclaimers, name="disclaimers")


def add_command(command: Callable[..., None] | typer.Typer) -> None:
    """Add a command, or a named group of them, of another door."""
    if isinstance(command, typer.Typer):
        app.add_typer(command)
    else:
        app.command()(command)


def run() -> int:
    """Run the command line and return its exit code."""
    try:
        return int(app(standalone_mode=True) or 0)
    except ConfigError as error:
        return _complain(error, Exit.USAGE)
    except DetectorError as error:
        return _complain(error, Exit.FAILURE)
    except OSError as error:  # a full disk, a folder that went away: the user's to mend, not ours
        reason = (error.strerror or str(error)).lower()
        return _complain(
            InputError(str(error.filename or "output"), reason, "look at the disk and your rights"), Exit.FAILURE
        )


def _complain(error: DetectorError, code: Exit) -> Exit:
    typer.echo(f"detector: {error}", err=True)
    return code
