"""The review console's accounts, for admins."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse

from detector.service.console.access import PATH, Access, Act, Visitor
from detector.service.console.rendering import page, page_router
from detector.service.passwords import SHORTEST, hash_password
from detector.service.problems import Problem
from detector.service.store.accounts import Role, User

LONGEST_NAME = 100


def routes(access: Access) -> APIRouter:
    """`/review/users`."""
    router = page_router()
    Admin = Annotated[Visitor, Depends(access.require(Role.ADMIN))]  # noqa: N806 (a type)
    AdminActs = Annotated[Act, Depends(access.acting(Role.ADMIN))]  # noqa: N806

    @router.get("/users")
    def show(visitor: Admin) -> Response:
        users = access.accounts.users()
        return page("users", visitor=visitor, title="Users", users=users, roles=list(Role), shortest=SHORTEST)

    @router.post("/users")
    def add(act: AdminActs) -> Response:
        password = act.form.get("password")
        hashed = hash_password(password) if isinstance(password, str) and password else None
        user = User(_name(act), _role(act), has_password=hashed is not None)
        access.accounts.add(user, password_hash=hashed, by=act.visitor.user.name)
        return RedirectResponse(f"{PATH}/users", 303)

    @router.post("/users/change")
    def change(act: AdminActs) -> Response:
        user = _existing(access, _name(act))
        changed = User(user.name, _role(act), active=act.field("active") == "yes", has_password=user.has_password)
        access.accounts.change(changed, by=act.visitor.user.name)
        return RedirectResponse(f"{PATH}/users", 303)

    return router


def _name(act: Act) -> str:
    name = act.field("name")
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Problem(422, "no_name", f"A name has 1 to {LONGEST_NAME} printable characters.")
    return name


def _role(act: Act) -> Role:
    try:
        return Role[act.field("role").upper()]
    except KeyError:
        raise Problem(422, "no_role", "There is no such role.") from None


def _existing(access: Access, name: str) -> User:
    user = access.accounts.user(name)
    if user is None:
        raise Problem(404, "not_found", "There is no such user.")
    return user
