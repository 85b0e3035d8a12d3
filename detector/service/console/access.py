"""Who is asking, and whether they may: sessions, the proxy's header, roles, tokens against forged requests."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import FormData

from detector.service.problems import Problem
from detector.service.proxies import peer_of
from detector.service.settings import Review, ServiceSettings
from detector.service.state import Service
from detector.service.store.accounts import Accounts, Lifetimes, Role, User
from detector.service.store.store import Store

COOKIE = "detector_session"
PATH = "/review"
FIELDS = 200


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in user. `csrf` is in every form that changes something."""

    user: User
    csrf: str

    def may(self, role: str) -> bool:
        """Whether the user's role allows what that role does."""
        return self.user.role >= Role[role.upper()]


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a visitor does, with the form that they filled in."""

    visitor: Visitor
    form: FormData

    def field(self, name: str) -> str:
        """A text field, without space around; empty if it is not there."""
        value = self.form.get(name)
        return value.strip() if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Access:
    """The way into the console of one service."""

    settings: ServiceSettings
    accounts: Accounts

    def visitor(self, request: Request) -> Visitor | None:
        """Who asks; None for nobody known. A user whom the proxy names gets a session when there is none yet."""
        named = self._named_by_proxy(request)
        session = self.accounts.session(request.cookies.get(COOKIE, ""))
        if named is None:
            # Without the proxy's word, only who has a password can be signed in.
            known = session is not None and session.user.has_password
            return Visitor(session.user, session.csrf) if known and session is not None else None
        if session is None or session.user.name != named:
            self._admit(named)
            request.state.token = self.accounts.start_session(named)
            session = self.accounts.session(request.state.token)
        return None if session is None else Visitor(session.user, session.csrf)

    def require(self, role: Role) -> Callable[[Request], Visitor]:
        """A dependency: the visitor, who has at least that role; others are sent to sign in, or refused."""

        def visitor(request: Request) -> Visitor:
            found = self.visitor(request)
            if found is None:
                raise Problem(303, "sign_in", "sign in first", {"Location": f"{PATH}/sign-in"})
            if found.user.role < role:
                raise Problem(403, "forbidden", f"This needs the role {role.label}; yours is {found.user.role.label}.")
            return found

        return visitor

    def acting(self, role: Role) -> Callable[[Request], Awaitable[Act]]:
        """A dependency: the same, with a form that this visitor was given."""
        required = self.require(role)

        async def act(request: Request) -> Act:
            visitor = await asyncio.to_thread(required, request)
            form = await read_form(request)
            check_token(form, visitor.csrf)
            return Act(visitor, form)

        return act

    def _named_by_proxy(self, request: Request) -> str | None:
        """The user in the proxy's header; anyone else could write such a header too."""
        header = self.settings.review.proxy_header
        if not header or peer_of(request.scope) not in self.settings.trusted_proxies:
            return None
        return request.headers.get(header, "").strip() or None

    def _admit(self, name: str) -> None:
        """Let a user in whom only the proxy knows, if the settings give such users a role."""
        user, role = self.accounts.user(name), self.settings.review.proxy_role
        if user is None and role:
            new = User(name, Role[role.upper()], has_password=False)
            self.accounts.add(new, password_hash=None, by="reverse proxy")
        elif user is None or not user.active:
            raise Problem(403, "forbidden", "You are signed in, but have no account here. An admin can add one.")


def access_to(service: Service, store: Store) -> Access:
    """The way in, as the settings want it."""
    return Access(service.settings, Accounts(store.database, lifetimes_of(service.settings.review)))


def lifetimes_of(review: Review) -> Lifetimes:
    """How long sessions last, in seconds."""
    return Lifetimes(idle=review.idle_minutes * 60, absolute=review.session_hours * 3600)


async def read_form(request: Request) -> FormData:
    """The fields of a form; files are refused."""
    return await request.form(max_files=0, max_fields=FIELDS)


def check_token(form: FormData, expected: str) -> None:
    """Refuse a form that was not made for this visitor: it may come from another site."""
    given = form.get("csrf")
    if not isinstance(given, str) or not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise Problem(403, "forged", "This form is out of date. Go back, reload the page, and try again.")
