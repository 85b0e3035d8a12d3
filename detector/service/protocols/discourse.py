"""Discourse's webhooks: posts are judged after they were published, and flagged through the forum's API.

After discourse/discourse, app/jobs/regular/emit_web_hook_event.rb: HMAC over the raw body, event ids, `ping`.
Deliveries are tried again at 1, 5, 25 and 125 minutes; a hook that answers 404 or 410 is switched off.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from fastapi import APIRouter, Request, Response

from detector.post import Origin, Post
from detector.service.bodies import JSON, decode_json, refuse_other_types
from detector.service.judged import Judged
from detector.service.judging import judge
from detector.service.openapi import described
from detector.service.outbox import Delivery
from detector.service.problems import Problem
from detector.service.protocols.coral import explanation
from detector.service.seen import Seen
from detector.service.settings import Discourse
from detector.service.signatures import is_signed
from detector.service.state import Service
from detector.service.submission import Submission
from detector.verdict import Circumstances, Verdict

requires: Literal["signature"] = "signature"
SIGNATURE, EVENT, EVENT_ID = "x-discourse-event-signature", "x-discourse-event", "x-discourse-event-id"
JUDGED = frozenset({"post_created", "post_edited"})
NOTIFY_MODERATORS = 7  # post_action_type_id of "something else", the only flag with a message


class DiscoursePost(msgspec.Struct, kw_only=True):
    """A post as Discourse's serialiser writes it; `raw` is its Markdown."""

    id: int
    raw: str
    username: str = ""
    created_at: str | None = None
    post_number: int = 1
    reply_to_post_number: int | None = None
    topic_id: int | None = None
    topic_title: str | None = None
    category_id: int | None = None
    admin: bool = False
    moderator: bool = False
    staff: bool = False


class DiscourseEvent(msgspec.Struct, kw_only=True):
    """What a post event holds."""

    post: DiscoursePost


class DiscourseAnswer(msgspec.Struct, kw_only=True):
    """For the forum's list of deliveries."""

    verdict: str
    because: str
    flagged: bool


def routes(service: Service) -> APIRouter:
    """`POST /discourse/webhook`, when there is a secret."""
    router = APIRouter()
    hook = service.settings.discourse_hook
    if not hook.secret:
        return router
    seen = Seen()

    @router.post("/discourse/webhook", response_class=Response, openapi_extra=described(DiscourseEvent))
    async def webhook(request: Request) -> Response:
        """Judge the post of an event; other events are acknowledged."""
        refuse_other_types(request)
        body = await request.body()
        if not is_signed(body, request.headers.get(SIGNATURE, ""), [hook.secret]):
            raise Problem(401, "signature", "the body is not signed by the secret")
        if request.headers.get(EVENT) not in JUDGED:
            return Response(b'{"status":"ok"}', media_type=JSON)
        identity = request.headers.get(EVENT_ID, "")
        answered = seen.answer(identity) if identity else None
        if answered is None:
            answered = await _judged(service, decode_json(body, DiscourseEvent, service.settings.limits).post)
            if identity:
                seen.keep(identity, answered)
        return Response(answered, media_type=JSON)

    return router


def flag(judged: Judged, number: int, hook: Discourse) -> Delivery | None:
    """The flag that the forum is sent; None below `flag_from`, or without a URL to send it to."""
    if not hook.url or judged.ruling.verdict.gravity < Verdict(hook.flag_from).gravity:
        return None
    message = f"{judged.ruling.verdict}: {judged.ruling.because}\n{explanation(judged)}"
    content = {"id": number, "post_action_type_id": NOTIFY_MODERATORS, "message": message}
    headers = {"content-type": JSON, "api-key": hook.api_key, "api-username": hook.api_username}
    url = f"{hook.url.rstrip('/')}/post_actions.json"
    return Delivery(url, msgspec.json.encode(content), lambda: headers)


async def _judged(service: Service, given: DiscoursePost) -> bytes:
    post = Post(
        str(given.id),
        given.raw,
        author=given.username or None,
        created=given.created_at,
        title=given.topic_title if given.post_number == 1 else None,
        parent=None if given.post_number == 1 else f"{given.topic_id}/{given.reply_to_post_number or 1}",
        origin=Origin("", 1, "discourse"),
        format="markdown",
    )
    submission = Submission(post, Circumstances(_role(given), str(given.category_id or "")), source="discourse")
    (judged,) = await judge(service, [submission], adapter="discourse")
    sent = flag(judged, given.id, service.settings.discourse_hook)
    if sent is not None:
        service.outbox.put(sent)
    ruling = judged.ruling
    return msgspec.json.encode(
        DiscourseAnswer(verdict=ruling.verdict, because=ruling.because, flagged=sent is not None)
    )


def _role(given: DiscoursePost) -> str:
    ranks = (("admin", given.admin), ("moderator", given.moderator), ("staff", given.staff))
    return next((name for name, holds in ranks if holds), "member")
