"""Standard Webhooks, in and out, with the official library on the other side."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from receiver import receiving
from running_server import ADVICE, TALK, Running, serving, wait_until
from standardwebhooks.webhooks import Webhook

from detector.service.checker import Checker

SECRETS = [f"whsec_{base64.b64encode(bytes([number]) * 32).decode()}" for number in (1, 2)]
OUT = f"whsec_{base64.b64encode(b'o' * 32).decode()}"


@pytest.fixture(scope="module")
def hooks(checker: Checker) -> Iterator[Running]:
    with serving(checker, standard_webhooks={"secrets": SECRETS}) as running:
        yield running


def event(text: str, **more: object) -> bytes:
    content = {"type": "post.created", "timestamp": "2026-11-28T12:00:00Z", "data": {"id": "9", "text": text, **more}}
    return json.dumps(content).encode()


def send(
    hooks: Running, body: bytes, *, secret: str = SECRETS[0], age: float = 0, **change: str | None
) -> httpx.Response:
    at = datetime.now(UTC) - timedelta(seconds=age)
    identity = f"msg_{uuid4().hex}"
    headers: dict[str, str | None] = {
        "content-type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(identity, at, body.decode()),
    }
    headers |= {name.replace("_", "-"): value for name, value in change.items()}
    kept = {name: value for name, value in headers.items() if value is not None}
    return hooks.client.post("/webhooks", content=body, headers=kept)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_signed_event_is_judged(hooks: Running, secret: str) -> None:
    answer = send(hooks, event(ADVICE), secret=secret)
    assert answer.status_code == 200
    assert answer.json()["verdict"]["verdict"] == "review"
    assert answer.json()["post"]["id"] == "9"


@pytest.mark.parametrize(
    "change",
    [
        {"webhook_id": None},
        {"webhook_timestamp": None},
        {"webhook_signature": None},
        {"webhook_signature": "v1"},
        {"webhook_signature": "v1,*"},
        {"webhook_signature": "v1,AAAA v2,BBBB"},
        {"webhook_signature": "v1a,AAAA"},
        {"webhook_id": "msg_of_somebody_else"},
        {"webhook_timestamp": "yesterday"},
        {"webhook_timestamp": "nan"},
    ],
)
def test_wrong_headers_are_refused(hooks: Running, change: dict[str, str | None]) -> None:
    answer = send(hooks, event(TALK), **change)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "signature")


def test_unknown_secrets_and_other_times_are_refused(hooks: Running) -> None:
    assert send(hooks, event(TALK), secret=OUT).status_code == 401
    assert send(hooks, event(TALK), age=360).status_code == 401
    assert send(hooks, event(TALK), age=-360).status_code == 401


def test_a_body_that_is_not_what_was_signed_is_refused(hooks: Running) -> None:
    at, identity = datetime.now(UTC), "msg_x"
    headers = {
        "content-type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(SECRETS[0]).sign(identity, at, event(TALK).decode()),
    }
    assert hooks.client.post("/webhooks", content=event(ADVICE), headers=headers).status_code == 401


def test_the_same_id_is_judged_once_and_answered_the_same(hooks: Running) -> None:
    body, at, identity = event(ADVICE), datetime.now(UTC), "msg_twice"
    headers = {
        "content-type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(SECRETS[0]).sign(identity, at, body.decode()),
    }

    def judged() -> float:
        return hooks.metric("detector_posts_total", adapter="webhooks", verdict="review")

    before = judged()
    first, second = (hooks.client.post("/webhooks", content=body, headers=headers) for _ in range(2))
    assert first.content == second.content
    assert judged() == before + 1


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{}", 422), (b"{", 400), (b"[" * 9_999, 400), (b'{"type":"x","timestamp":"","data":{}}', 422)],
)
def test_what_is_signed_and_wrong_is_refused(hooks: Running, body: bytes, status: int) -> None:
    assert send(hooks, body).status_code == status


def test_other_content_types_and_huge_bodies_are_refused(hooks: Running) -> None:
    assert send(hooks, event(TALK), content_type="text/plain").status_code == 415
    assert send(hooks, event("x" * 1_048_576)).status_code == 413


def outgoing(url: str, **more: object) -> dict[str, Any]:
    return {"standard_webhooks": {"send_to": url, "send_secret": OUT, "first_wait_seconds": 0.01, **more}}


def test_events_are_signed_sent_again_and_hold_no_words_of_the_post(checker: Checker) -> None:
    with receiving(500, 429) as receiver, serving(checker, **outgoing(receiver.url)) as server:
        server.client.post("/v1/check", json={"posts": [{"id": "7", "text": ADVICE}, {"text": TALK}]})
        wait_until(lambda: server.metric("detector_events_total", fate="delivered") == 1)
        assert server.metric("detector_events_total", fate="retried") == 2
    assert len({each.headers["webhook-id"] for each in receiver.received}) == 1
    assert len(receiver.received) == 3
    for each in receiver.received:
        payload = Webhook(OUT).verify(each.body, each.headers)
        assert payload["type"] == "post.judged"
        assert (payload["data"]["post"], payload["data"]["verdict"]) == ("7", "review")
        assert payload["data"]["findings"][0]["rule"] == "recommendation"
        assert b"NVDA" not in each.body


@pytest.mark.parametrize(("statuses", "sent"), [([410], 1), ([302], 1), ([500, 500, 500], 3)])
def test_what_nobody_takes_is_given_up_and_counted(checker: Checker, statuses: list[int], sent: int) -> None:
    with receiving(*statuses) as receiver, serving(checker, **outgoing(receiver.url, attempts=3)) as server:
        server.client.post("/v1/check", json={"text": ADVICE})
        wait_until(lambda: server.metric("detector_events_total", fate="dead_letter") == 1)
    assert len(receiver.received) == sent


def test_the_queue_is_bounded_and_a_dead_receiver_slows_nothing(checker: Checker) -> None:
    settings = outgoing("http://127.0.0.1:9", queue_events=2, attempts=50, first_wait_seconds=5)
    with serving(checker, queue={"drain_seconds": 1}, **settings) as server:
        server.client.post("/v1/check", json={"posts": [{"text": ADVICE}] * 20}).raise_for_status()
        assert server.metric("detector_events_total", fate="dead_letter") >= 14
        lost = server.service.metrics
    assert lost.registry.get_sample_value("detector_events_total", {"fate": "dead_letter"}) == 20


def test_events_that_wait_are_sent_before_the_end(checker: Checker) -> None:
    with receiving() as receiver:
        with serving(checker, **outgoing(receiver.url)) as server:
            server.client.post("/v1/check", json={"posts": [{"text": ADVICE}] * 50}).raise_for_status()
        assert len(receiver.received) == 50
