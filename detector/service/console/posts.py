"""The review console: the queue, one post with everything around it, and the decision on it."""

from dataclasses import dataclass, field, replace
from typing import Annotated, get_args

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from detector.finding import Severity
from detector.service.console.access import PATH, Access, Act, Visitor
from detector.service.console.deciding import decision_of, seen_by
from detector.service.console.missed import sentences
from detector.service.console.rendering import page, page_router, query, static_response
from detector.service.console.views import finding_views, segments, snippet, whole_text
from detector.service.problems import Problem
from detector.service.store import log, queue
from detector.service.store.accounts import Role
from detector.service.store.evidence import Entry
from detector.service.store.queue import Order, State, Stored, Wanted
from detector.service.store.records import Action
from detector.service.store.store import DecidedMeanwhileError, Store


def routes(access: Access, store: Store) -> APIRouter:
    """`/review` and `/review/posts`."""
    router = page_router()
    Reader = Annotated[Visitor, Depends(access.require(Role.READER))]  # noqa: N806 (a type)
    Moderator = Annotated[Act, Depends(access.acting(Role.MODERATOR))]  # noqa: N806
    Filters = Annotated[Wanted, Depends(wanted_of)]  # noqa: N806

    @router.get("")
    def show_queue(visitor: Reader, wanted: Filters, done: int = 0) -> Response:
        return _queue_page(store, visitor, wanted, done=done)

    @router.get("/posts/{row_id}")
    def show_post(row_id: int, visitor: Reader, wanted: Filters, done: int = 0) -> Response:
        return _post_page(store, visitor, wanted, post=_found(store, row_id), notes=Notes(done))

    @router.post("/posts/{row_id}/decide")
    def decide(row_id: int, act: Moderator, wanted: Filters) -> Response:
        post = _found(store, row_id)
        following = queue.neighbours(store.database, wanted, row_id)[1]
        try:
            decision = decision_of(act, post)
            seq = store.decide(decision, seen=seen_by(act))
        except (Problem, DecidedMeanwhileError) as error:
            given = {name: act.field(name) for name in act.form}
            notes = Notes(problem=str(getattr(error, "message", error)), given=given)
            return _post_page(store, act.visitor, wanted, post=_found(store, row_id), notes=notes)
        if decision.action is Action.UNDO or following is None:
            back = f"/posts/{row_id}" if decision.action is Action.UNDO else ""
            return RedirectResponse(f"{PATH}{back}{query(wanted, done=seq)}", 303)
        return RedirectResponse(f"{PATH}/posts/{following}{query(wanted, done=seq)}", 303)

    @router.get("/static/{name}")
    def static(name: str) -> Response:
        return static_response(name)

    return router


def wanted_of(request: Request, page: Annotated[int, Query(ge=1, le=1_000_000)] = 1) -> Wanted:
    """What the address asks for; unknown words ask for nothing."""
    fields = {
        name: request.query_params.get(name, "").strip()[:200]
        for name in ("search", "severity", "verdict", "rule", "kind", "source", "state", "order")
    }
    severities = {each.label for each in Severity}
    allowed = {"state": get_args(State), "order": get_args(Order), "severity": severities}
    fields = {name: value for name, value in fields.items() if value in allowed.get(name, (value,)) and value}
    return replace(Wanted(page=page), **fields)  # type: ignore[arg-type] # state and order were just checked


def _found(store: Store, row_id: int) -> Stored:
    post = queue.stored_post(store.database, row_id) if row_id < 2**63 else None
    if post is None:
        raise Problem(404, "not_found", "There is no such post here.")
    return post


def _queue_page(store: Store, visitor: Visitor, wanted: Wanted, *, done: int) -> Response:
    listed = queue.list_posts(store.database, wanted)
    return page(
        "queue",
        visitor=visitor,
        title="Queue",
        wanted=replace(wanted, page=listed.page),
        listed=listed,
        snippets=[snippet(post) for post in listed.posts],
        choices=queue.choices(store.database),
        counts=queue.open_counts(store.database),
        severities=list(reversed(Severity)),
        done=_done(store, done),
    )


@dataclass(frozen=True, slots=True)
class Notes:
    """What else a post's page has to say: the entry just written, or why a decision was refused, and what was given."""

    done: int = 0
    problem: str = ""
    given: dict[str, str] = field(default_factory=dict)


def _post_page(store: Store, visitor: Visitor, wanted: Wanted, *, post: Stored, notes: Notes) -> Response:
    before, after = queue.neighbours(store.database, wanted, post.id)
    parents, children = queue.relatives(store.database, post)
    return page(
        "post",
        visitor=visitor,
        status=422 if notes.problem else 200,
        title=f"Post {post.post_id}",
        wanted=wanted,
        post=post,
        heading=segments(post.title or "", post.findings, field="title"),
        body=None if post.text is None else segments(post.text, post.findings, field="text"),
        whole=whole_text(post),
        sentences=sentences(post),
        findings=finding_views(post),
        before=before,
        after=after,
        parents=parents,
        children=children,
        versions=queue.versions(store.database, post),
        history=log.history(store.database, post.source, post.post_id),
        done=_done(store, notes.done),
        problem=notes.problem,
        given=notes.given,
    )


def _done(store: Store, seq: int) -> tuple[Entry, int | None] | None:
    """The entry just written, and the post it is about."""
    entry = log.entry(store.database, seq) if 0 < seq < 2**63 else None
    if entry is None:
        return None
    return entry, queue.row_of(store.database, entry.source, entry.post_id, entry.content_hash)
