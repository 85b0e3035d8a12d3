"""Coral's external moderation phase: called from node as Coral does, and with everything that can be wrong."""

import hashlib
import hmac
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from running_server import ADVICE, TALK, Running, serving

from detector.post import Post
from detector.service.checker import Checker
from detector.service.store.records import Action, Decision, content_hash

SECRETS = ["new-secret-of-the-phase", "old-secret-of-the-phase"]
PHASE = Path(__file__).with_name("coral_phase.mjs")


def comment(body: str, *, action: str = "NEW", role: str = "COMMENTER", parent: str | None = None) -> dict[str, Any]:
    return {
        "action": action,
        "comment": {"body": body, "parentID": parent},
        "author": {"id": "a1", "role": role},
        "story": {"id": "s1", "url": "https://news.example/story"},
        "site": {"id": "site1"},
        "tenantID": "acme",
        "tenantDomain": "acme.example",
    }


@pytest.fixture(scope="module")
def phase(checker: Checker) -> Iterator[Running]:
    with serving(checker, coral_phase={"secrets": SECRETS}) as running:
        yield running


@pytest.fixture
def coral(program: Callable[[str], str], phase: Running) -> Callable[..., dict[str, Any]]:
    def call(request: dict[str, Any], *, secrets: list[str] = SECRETS[:1], url: str = "") -> dict[str, Any]:
        command = [program("node"), str(PHASE), url or f"{phase.url}/coral/moderation", ",".join(secrets)]
        given = json.dumps(request)
        done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=30, check=True)
        return json.loads(done.stdout)

    return call


def test_talk_goes_on_and_advice_is_withheld_with_a_flag(coral: Callable[..., dict[str, Any]]) -> None:
    assert coral(comment(TALK)) == {"http": 204, "outcome": "continue"}
    advice = coral(comment(f"<div>{ADVICE}</div>"))
    assert advice["outcome"] == "SYSTEM_WITHHELD"
    assert advice["answer"]["actions"] == [{"actionType": "FLAG", "reason": "COMMENT_DETECTED_SPAM"}]


def test_what_is_only_nudged_is_flagged_and_stands(coral: Callable[..., dict[str, Any]]) -> None:
    assert coral(comment(ADVICE, role="MODERATOR"))["outcome"] == "flagged"


def test_an_edit_is_judged_as_what_it_has_become(coral: Callable[..., dict[str, Any]]) -> None:
    assert coral(comment(TALK, action="EDIT"))["outcome"] == "continue"
    assert coral(comment(ADVICE, action="EDIT", parent="c0"))["outcome"] == "SYSTEM_WITHHELD"


@pytest.mark.parametrize("secrets", [SECRETS, SECRETS[1:], ["unknown", SECRETS[1]]])
def test_secrets_are_rotated_without_a_gap(coral: Callable[..., dict[str, Any]], secrets: list[str]) -> None:
    assert coral(comment(TALK), secrets=secrets)["http"] == 204


def test_a_blocked_comment_names_rule_and_passage(
    checker: Checker, coral: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    """The author's earlier invitations were upheld: the policy keeps the next one out."""
    spam = "Guaranteed 50% profit a month! Message me on Telegram to join my VIP signals group."
    with serving(checker, coral_phase={"secrets": SECRETS}, store={"url": f"sqlite:///{tmp_path}/d.db"}) as server:
        url = f"{server.url}/coral/moderation"
        assert coral(comment(spam), url=url)["outcome"] == "SYSTEM_WITHHELD"
        _decide(server, spam, Action.REJECT)
        again = coral(comment(f"Hurry up, friends. {spam}"), url=url)
    assert again["outcome"] == "REJECTED"
    reason = again["answer"]["moderationAction"]["rejectionReason"]
    assert reason["code"] == "OTHER"
    assert "recommendation (solicitation): Message me on Telegram" in reason["detailedExplanation"]


def test_an_approval_stands_until_the_text_changes(
    checker: Checker, coral: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    with serving(checker, coral_phase={"secrets": SECRETS}, store={"url": f"sqlite:///{tmp_path}/d.db"}) as server:
        url = f"{server.url}/coral/moderation"
        assert coral(comment(ADVICE), url=url)["outcome"] == "SYSTEM_WITHHELD"
        _decide(server, ADVICE, Action.APPROVE)
        assert coral(comment(ADVICE, action="EDIT"), url=url)["outcome"] == "continue"
        assert coral(comment(f"{ADVICE} Really.", action="EDIT"), url=url)["outcome"] == "SYSTEM_WITHHELD"


def _decide(server: Running, text: str, action: Action) -> None:
    assert server.service.store is not None
    digest = content_hash(Post("", text))
    checksum = server.service.policies["default"].checksum
    decision = Decision("coral:acme", digest[:16], digest, checksum, action, by="mod")
    server.service.store.decide(decision)


def send(phase: Running, body: bytes, **headers: str) -> httpx.Response:
    return phase.client.post("/coral/moderation", content=body, headers={"content-type": "application/json", **headers})


def signed(body: bytes, secret: str = SECRETS[0]) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


BODY = json.dumps(comment(TALK), indent=2, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "sha256=",
        "sha256=zz",
        signed(BODY, "wrong"),
        signed(BODY)[:-1],
        signed(BODY + b" "),
        signed(BODY)[7:],
        "sha256=\xe9",
    ],
)
def test_wrong_signatures_are_refused(phase: Running, signature: str) -> None:
    headers = httpx.Headers({"content-type": "application/json", "x-coral-signature": signature}, encoding="latin-1")
    answer = phase.client.post("/coral/moderation", content=BODY, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "signature")


def test_the_signature_is_of_the_raw_bytes(phase: Running) -> None:
    compact = json.dumps(json.loads(BODY)).encode()
    assert send(phase, compact, **{"x-coral-signature": signed(BODY)}).status_code == 401
    assert send(phase, compact, **{"x-coral-signature": signed(compact)}).status_code == 204


def test_a_replay_is_a_second_check_and_nothing_more(phase: Running) -> None:
    headers = {"x-coral-signature": signed(BODY)}
    assert [send(phase, BODY, **headers).status_code for _ in range(2)] == [204, 204]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"comment": None}, 422),
        ({"comment": {}}, 422),
        ({"action": "DELETE"}, 422),
        ({"tenantID": 3}, 422),
        ({"comment": {"body": "x" * 100_001}}, 413),
    ],
)
def test_what_is_signed_and_wrong_is_refused(phase: Running, change: dict[str, Any], status: int) -> None:
    body = json.dumps(comment(TALK) | change).encode()
    assert send(phase, body, **{"x-coral-signature": signed(body)}).status_code == status


def test_other_content_types_and_huge_or_deep_bodies_are_refused(phase: Running) -> None:
    headers = {"x-coral-signature": signed(BODY), "content-type": "text/plain"}
    assert phase.client.post("/coral/moderation", content=BODY, headers=headers).status_code == 415
    huge, deep = b"x" * 1_048_577, b"[" * 100_000
    assert send(phase, huge, **{"x-coral-signature": signed(huge)}).status_code == 413
    assert send(phase, deep, **{"x-coral-signature": signed(deep)}).status_code == 400


def test_without_secrets_there_is_no_phase(server: Running) -> None:
    assert server.client.post("/coral/moderation", json=comment(TALK)).status_code == 404


def test_a_phase_that_cannot_answer_in_time_lets_comments_through_or_holds_them(checker: Checker) -> None:
    for on_failure, status in (("open", 204), ("closed", 200), ("error", 503)):
        settings = {"coral_phase": {"secrets": SECRETS}, "coral": {"budget_ms": 1, "on_failure": on_failure}}
        body = json.dumps(comment("so it goes. " * 8_000)).encode()
        with serving(checker, **settings) as running:
            answer = send(running, body, **{"x-coral-signature": signed(body)})
            assert answer.status_code == status
            if on_failure != "error":
                assert answer.headers["x-detector-failure"] == "too_slow"
            if on_failure == "closed":
                assert answer.json()["status"] == "SYSTEM_WITHHELD"
            assert (
                running.metric("detector_failures_total", adapter="coral", reason="too_slow", answered=on_failure) == 1
            )
