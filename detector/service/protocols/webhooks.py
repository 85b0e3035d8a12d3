"""Standard Webhooks 1.0.0, incoming: posts as signed events. Outgoing ones: `detector/service/events.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec
from fastapi import APIRouter, Request, Response

from detector.reports.parts.record import to_json
from detector.service.bodies import JSON, decode_json, refuse_other_types
from detector.service.judging import judge
from detector.service.openapi import described
from detector.service.problems import Problem
from detector.service.protocols.native import CheckPost, result, submission_of
from detector.service.seen import Seen
from detector.service.state import Service

if TYPE_CHECKING:
    from standardwebhooks.webhooks import Webhook

requires: Literal["signature"] = "signature"


class Event(msgspec.Struct, kw_only=True):
    """An event whose data is a post, as in `/v1/check`."""

    type: str
    timestamp: str
    data: CheckPost


def routes(service: Service) -> APIRouter:
    """`POST /webhooks`, when there are secrets."""
    router = APIRouter()
    if not service.settings.standard_webhooks.secrets:
        return router
    from standardwebhooks.webhooks import Webhook

    verifiers = [Webhook(secret) for secret in service.settings.standard_webhooks.secrets]
    seen = Seen()

    @router.post("/webhooks", response_class=Response, openapi_extra=described(Event))
    async def receive(request: Request) -> Response:
        """Judge the post of an event; the same id is answered the same, and judged once."""
        refuse_other_types(request)
        body = await request.body()
        if not any(_is_signed(verifier, body, dict(request.headers)) for verifier in verifiers):
            raise Problem(401, "signature", "missing, wrong, or too old a signature")
        identity = request.headers["webhook-id"]
        answered = seen.answer(identity)
        if answered is None:
            event = decode_json(body, Event, service.settings.limits)
            (judged,) = await judge(service, [submission_of(event.data, 1, source="webhooks")], adapter="webhooks")
            answered = to_json(result(judged))
            seen.keep(identity, answered)
        return Response(answered, media_type=JSON)

    return router


def _is_signed(verifier: Webhook, body: bytes, headers: dict[str, str]) -> bool:
    from standardwebhooks.webhooks import WebhookVerificationError

    try:
        verifier.verify(body, headers, json_parse=False)
    except (WebhookVerificationError, ValueError):  # the library lets a malformed signature raise ValueError
        return False
    return True
