"""What the review console hands over: statistics of overrules, the evidence log, training labels."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import StreamingResponse

from detector.service.console.access import Access, Visitor
from detector.service.console.rendering import page, page_router
from detector.service.store import labels, log, queue
from detector.service.store.accounts import Role
from detector.service.store.statistics import overrules
from detector.service.store.store import Store

JSON_LINES = "application/x-ndjson"
SHOWN = 50


def routes(access: Access, store: Store) -> APIRouter:
    """`/review/statistics`, `/review/evidence`, and both as files."""
    router = page_router()
    Reader = Annotated[Visitor, Depends(access.require(Role.READER))]  # noqa: N806 (a type)
    Moderator = Annotated[Visitor, Depends(access.require(Role.MODERATOR))]  # noqa: N806
    Before = Annotated[int | None, Query(ge=1, lt=2**63)]  # noqa: N806

    @router.get("/statistics")
    def statistics(visitor: Reader) -> Response:
        rows, counts = overrules(store.database), queue.open_counts(store.database)
        return page("statistics", visitor=visitor, title="Statistics", rows=rows, waiting=sum(counts.values()))

    @router.get("/evidence")
    def evidence(visitor: Reader, before: Before = None) -> Response:
        shown = log.latest(store.database, SHOWN, before=before)
        last = log.latest(store.database, 1)
        return page("evidence", visitor=visitor, title="Evidence", entries=shown, head=last[0] if last else None)

    @router.get("/evidence.jsonl")
    def evidence_file(_visitor: Reader) -> Response:
        return _download(StreamingResponse(log.export(store.database), media_type=JSON_LINES), "evidence.jsonl")

    @router.get("/labels.jsonl")
    def labels_file(_visitor: Moderator) -> Response:
        lines = labels.training_lines(store.database)
        return _download(StreamingResponse(lines, media_type=JSON_LINES), "labels.jsonl")

    return router


def _download(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
