"""`detector users`: who may use the review console. Passwords are asked for, or read from a pipe; never arguments."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from detector.service.store.accounts import Accounts

RoleWord = Literal["reader", "moderator", "admin"]
StoreOption = Annotated[
    str, typer.Option("--store", metavar="URL", envvar="DETECTOR_SERVICE_STORE__URL", help="The service's store.")
]
NameArgument = Annotated[str, typer.Argument(metavar="NAME")]
RoleOption = Annotated[RoleWord, typer.Option(help="reader looks, moderator decides, admin manages users.")]

users = typer.Typer(name="users", no_args_is_help=True, rich_markup_mode=None, help="Who may use the review console.")


@users.command()
def add(
    name: NameArgument,
    *,
    store: StoreOption,
    role: RoleOption = "reader",
    proxy: Annotated[bool, typer.Option("--proxy", help="No password: the reverse proxy signs this user in.")] = False,
) -> None:
    """Add a user; asks for a password, or reads one line from a pipe."""
    from detector.service.passwords import hash_password
    from detector.service.store.accounts import Role, User

    password = None if proxy else hash_password(_password())
    with _accounts(store) as accounts:
        accounts.add(User(name, Role[role.upper()]), password_hash=password, by=_operator())
    typer.echo(f"{name}: {role}")


@users.command("list")
def list_all(*, store: StoreOption) -> None:
    """List every user with role and state."""
    with _accounts(store) as accounts:
        for user in accounts.users():
            notes = ("" if user.active else ", inactive") + ("" if user.has_password else ", by proxy only")
            typer.echo(f"{user.name}: {user.role.label}{notes}")


@users.command("set")
def change(
    name: NameArgument,
    *,
    store: StoreOption,
    role: RoleOption,
    active: Annotated[bool, typer.Option(help="Inactive users cannot sign in; their decisions stand.")] = True,
) -> None:
    """Set a user's role and whether the account is active; ends their sessions."""
    from detector.errors import ConfigError
    from detector.service.store.accounts import Role, User

    with _accounts(store) as accounts:
        if accounts.user(name) is None:
            raise ConfigError(name, "there is no such user")
        accounts.change(User(name, Role[role.upper()], active), by=_operator())


@users.command()
def password(name: NameArgument, *, store: StoreOption) -> None:
    """Give a user another password; ends their sessions."""
    from detector.service.passwords import hash_password

    hashed = hash_password(_password())
    with _accounts(store) as accounts:
        accounts.set_password(name, hashed, by=_operator())


@contextmanager
def _accounts(url: str) -> Iterator[Accounts]:
    from detector.service.store.accounts import Accounts
    from detector.service.store.store import Store

    with closing(Store.open(url)) as opened:
        yield Accounts(opened.database)


def _password() -> str:
    """Asked for twice on a terminal; the first line of a pipe."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _operator() -> str:
    """Who sat at the command line, for the evidence log."""
    try:
        return f"command line ({getpass.getuser()})"
    except (KeyError, OSError):  # an account without a name, as in some containers
        return "command line"
