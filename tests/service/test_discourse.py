"""Discourse's webhooks in the shape that it sends, and the flags that its API is sent."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from receiver import receiving
from running_server import ADVICE, TALK, Running, serving, wait_until

from detector.service.checker import Checker

SECRET = "the-secret-of-the-hook"  # noqa: S105


def post(raw: str, **more: object) -> dict[str, Any]:
    """A post as `WebHookPostSerializer` writes it, shortened to its usual fields."""
    return {
        "post": {
            "id": 4711,
            "name": "Ann",
            "username": "ann",
            "avatar_template": "/letter_avatar/ann/{size}/1.png",
            "created_at": "2026-11-28T10:00:00.000Z",
            "cooked": f"<p>{raw}</p>",
            "post_number": 2,
            "post_type": 1,
            "reply_count": 0,
            "reply_to_post_number": None,
            "topic_id": 12,
            "topic_slug": "nvda",
            "topic_title": "NVDA",
            "category_id": 5,
            "raw": raw,
            "trust_level": 1,
            "moderator": False,
            "admin": False,
            "staff": False,
            **more,
        }
    }


def send(hook: Running, content: dict[str, Any], *, name: str = "post_created", **change: str | None) -> httpx.Response:
    body = json.dumps(content).encode()
    headers: dict[str, str | None] = {
        "content-type": "application/json",
        "user-agent": "Discourse/3.6.0",
        "x-discourse-instance": "https://forum.example",
        "x-discourse-event-id": None,
        "x-discourse-event-type": name.partition("_")[0],
        "x-discourse-event": name,
        "x-discourse-event-signature": "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest(),
    }
    headers |= {key.replace("_", "-"): value for key, value in change.items()}
    kept = {key: value for key, value in headers.items() if value is not None}
    return hook.client.post("/discourse/webhook", content=body, headers=kept)


@pytest.fixture(scope="module")
def hook(checker: Checker) -> Iterator[Running]:
    with serving(checker, discourse_hook={"secret": SECRET}) as running:
        yield running


def test_posts_are_judged_when_created_and_when_edited(hook: Running) -> None:
    assert send(hook, post(TALK)).json() == {"verdict": "allow", "because": "no findings", "flagged": False}
    for name in ("post_created", "post_edited"):
        assert send(hook, post(ADVICE), name=name).json()["verdict"] == "review"


def test_ping_and_other_events_are_acknowledged(hook: Running) -> None:
    assert send(hook, {"ping": "OK"}, name="ping").json() == {"status": "ok"}
    assert send(hook, {"topic": {}}, name="topic_created").status_code == 200


def test_staff_are_known_by_their_badges(hook: Running) -> None:
    assert send(hook, post(ADVICE, moderator=True, staff=True)).json()["verdict"] == "nudge"


@pytest.mark.parametrize("signature", [None, "sha256=00", "sha1=00"])
def test_wrong_signatures_are_refused(hook: Running, signature: str | None) -> None:
    assert send(hook, post(TALK), x_discourse_event_signature=signature).status_code == 401


def test_signed_and_wrong_is_refused(hook: Running) -> None:
    assert send(hook, {"post": {"id": 1}}).status_code == 422
    assert send(hook, post("x" * 100_001)).status_code == 413
    assert send(hook, post("x" * 1_048_577)).status_code == 413
    assert send(hook, {"post": [[[[[[]]]]]] * 9}).status_code == 422
    assert send(hook, post(TALK), content_type="application/x-www-form-urlencoded").status_code == 415


def test_a_flag_goes_to_the_forum_once(checker: Checker) -> None:
    with receiving() as forum:
        settings = {"secret": SECRET, "url": f"{forum.url}/", "api_key": "k", "api_username": "watch"}
        with serving(checker, discourse_hook=settings) as hook:
            for _ in range(2):  # the second is a repeated delivery
                assert send(hook, post(ADVICE), x_discourse_event_id="31").json()["flagged"] is True
            assert send(hook, post(TALK)).json()["flagged"] is False
            wait_until(lambda: hook.metric("detector_events_total", fate="delivered") == 1)
    (flag,) = forum.received
    assert (flag.path, flag.headers["api-key"], flag.headers["api-username"]) == ("/post_actions.json", "k", "watch")
    content = json.loads(flag.body)
    assert (content["id"], content["post_action_type_id"]) == (4711, 7)
    assert ADVICE in content["message"]


def test_without_a_url_nothing_is_sent_back(hook: Running) -> None:
    assert send(hook, post(ADVICE)).json()["flagged"] is False
    assert hook.metric("detector_events_total", fate="delivered") == 0
