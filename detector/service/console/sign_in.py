"""Signing in and out of the review console."""

import asyncio
import hmac
import secrets
import threading
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from detector.service.console.access import COOKIE, PATH, Access, Act, read_form
from detector.service.console.rendering import page, page_router
from detector.service.passwords import matches
from detector.service.problems import Problem
from detector.service.store.accounts import Role

FORM_COOKIE = "detector_sign_in"
HASHING = threading.BoundedSemaphore(2)  # a hash takes 64 MiB: strangers must not take all memory
PER_ADDRESS, PER_NAME = 6, 20  # times the limit for one name from one address


@dataclass(frozen=True, slots=True)
class Attempt:
    """A filled-in sign-in form."""

    name: str
    password: str
    address: str


def routes(access: Access) -> APIRouter:
    """`/review/sign-in` and `/review/sign-out`."""
    router = page_router()

    @router.get("/sign-in")
    def form(request: Request) -> Response:
        if access.visitor(request) is not None:
            return RedirectResponse(PATH, 303)
        return _form(request)

    @router.post("/sign-in")
    async def sign_in(request: Request) -> Response:
        given = await read_form(request)
        _refuse_forged(request, given)
        name, password = (str(given.get(field, "")) for field in ("name", "password"))
        attempt = Attempt(name.strip(), password, request.client.host if request.client else "")
        problem = await asyncio.to_thread(_sign_in, access, attempt)
        if problem:
            return _form(request, problem=problem, name=attempt.name)
        old = request.cookies.get(COOKIE)
        if old:  # whoever planted it gets nothing by it
            await asyncio.to_thread(access.accounts.end_session, old)
        request.state.token = await asyncio.to_thread(access.accounts.start_session, attempt.name)
        response = RedirectResponse(PATH, 303)
        response.delete_cookie(FORM_COOKIE, path=PATH)
        return response

    @router.post("/sign-out")
    def sign_out(request: Request, _act: Annotated[Act, Depends(access.acting(Role.READER))]) -> Response:
        access.accounts.end_session(request.cookies.get(COOKIE, ""))
        response = RedirectResponse(f"{PATH}/sign-in", 303)
        response.delete_cookie(COOKIE, path=PATH)
        return response

    return router


def _form(request: Request, *, problem: Problem | None = None, name: str = "") -> Response:
    """The form, with a token that only this browser and this page know."""
    token = secrets.token_urlsafe(32)
    status = problem.status if problem else 200
    message = problem.message if problem else ""
    response = page("sign_in", visitor=None, status=status, title="Sign in", token=token, message=message, name=name)
    secure = request.url.scheme == "https"
    response.set_cookie(FORM_COOKIE, token, path=PATH, httponly=True, samesite="strict", secure=secure)
    return response


def _refuse_forged(request: Request, form: FormData) -> None:
    """A sign-in that another site makes could put its own account under a moderator's hands."""
    given, expected = form.get("csrf"), request.cookies.get(FORM_COOKIE, "")
    if not isinstance(given, str) or not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise Problem(403, "forged", "This form is out of date. Go back, reload the page, and try again.")


def _sign_in(access: Access, attempt: Attempt) -> Problem | None:
    """Compare, count, and say no more than that it did not fit."""
    accounts, review = access.accounts, access.settings.review
    within = review.attempt_minutes * 60.0
    limits = {
        f"{attempt.name}@{attempt.address}": review.attempts,
        f"@{attempt.address}": review.attempts * PER_ADDRESS,
        f"{attempt.name}@": review.attempts * PER_NAME,
    }
    if any(accounts.attempts(subject, within=within) >= limit for subject, limit in limits.items()):
        return Problem(429, "too_many", f"Too many attempts. Wait {review.attempt_minutes} minutes, or ask an admin.")
    with HASHING:
        right = matches(attempt.password, accounts.password_hash(attempt.name))
    if right:
        accounts.forget_attempts(next(iter(limits)), within=within)
        return None
    for subject in limits:
        accounts.note_attempt(subject)
    return Problem(401, "unknown", "Name and password do not fit together.")
