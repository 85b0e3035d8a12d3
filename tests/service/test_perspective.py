"""Perspective's protocol, driven by Google's own client and by the very request that Coral Talk makes."""

import asyncio
import json
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from running_server import ADVICE, KEY, TALK, Running, serving

from detector.checked import Checked
from detector.engine import Detector
from detector.policy import load_policy
from detector.post import Post
from detector.service.checker import Checker, start_checker
from detector.service.store.store import Store


def google_client(server: Running, key: str = KEY) -> Any:
    """As Perspective's own documentation builds it, but for the host."""
    return build(
        "commentanalyzer",
        "v1alpha1",
        developerKey=key,
        discoveryServiceUrl=f"{server.url}/$discovery/rest?version=v1alpha1",
        static_discovery=False,
    )


@pytest.fixture(scope="module")
def comments(server: Running) -> Iterator[Any]:
    with google_client(server) as client:
        yield client.comments()


def asking(text: str, *attributes: str, **more: object) -> dict[str, Any]:
    return {"comment": {"text": text}, "requestedAttributes": {name: {} for name in attributes}, **more}


def score(answer: dict[str, Any], attribute: str) -> float:
    return float(answer["attributeScores"][attribute]["summaryScore"]["value"])


def test_advice_scores_high_and_talk_low(comments: Any) -> None:
    high, low = (comments.analyze(body=asking(text, "FINANCIAL_ADVICE")).execute() for text in (ADVICE, TALK))
    assert score(high, "FINANCIAL_ADVICE") > 0.8
    assert score(low, "FINANCIAL_ADVICE") < 0.2
    assert high["attributeScores"]["FINANCIAL_ADVICE"]["summaryScore"]["type"] == "PROBABILITY"


def test_kinds_and_disclaimers_are_attributes(comments: Any) -> None:
    asked = asking(ADVICE, "ACTION", "GUARANTEE", "DISCLAIMER_MISSING", "DISCLAIMER_ALTERED")
    answer = comments.analyze(body=asked).execute()
    assert score(answer, "ACTION") > 0.8
    assert score(answer, "GUARANTEE") == 0.0
    assert (score(answer, "DISCLAIMER_MISSING"), score(answer, "DISCLAIMER_ALTERED")) == (1.0, 0.0)


def test_spans_are_utf16_units_half_open(comments: Any) -> None:
    text = f"🚀🚀 Nice weather. {ADVICE} See you."
    answer = comments.analyze(body=asking(text, "FINANCIAL_ADVICE", spanAnnotations=True)).execute()
    (span,) = answer["attributeScores"]["FINANCIAL_ADVICE"]["spanScores"]
    units = text.encode("utf-16-le")
    assert units[2 * span["begin"] : 2 * span["end"]].decode("utf-16-le") == ADVICE
    assert span["score"] == answer["attributeScores"]["FINANCIAL_ADVICE"]["summaryScore"]


def test_scores_below_the_threshold_are_left_out(comments: Any) -> None:
    asked = asking(TALK, "ACTION")
    asked["requestedAttributes"]["FINANCIAL_ADVICE"] = {"scoreType": "PROBABILITY", "scoreThreshold": 0.5}
    answer = comments.analyze(body=asked).execute()
    assert set(answer["attributeScores"]) == {"ACTION"}


def test_tokens_and_languages_are_echoed(comments: Any) -> None:
    asked = asking(TALK, "FINANCIAL_ADVICE", clientToken="t1", languages=["en"], sessionId="s", communityId="c")
    answer = comments.analyze(body=asked).execute()
    assert (answer["clientToken"], answer["languages"], answer["detectedLanguages"]) == ("t1", ["en"], ["en"])


def test_a_language_that_is_not_judged_is_an_error_and_not_a_guess(comments: Any) -> None:
    with pytest.raises(HttpError) as caught:
        comments.analyze(body=asking("你应该现在就买这只股票。大家快上车。", "FINANCIAL_ADVICE")).execute()
    assert caught.value.status_code == 400
    assert "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE" in caught.value.content.decode()


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        (asking(TALK, "TOXICITY"), 400, "Attribute TOXICITY is not supported"),
        (asking(TALK), 400, "no attribute"),
        ({"requestedAttributes": {"ACTION": {}}}, 400, "comment"),
        ({"comment": {"text": TALK}}, 400, "requestedAttributes"),
        (asking("x" * 100_001, "ACTION"), 413, "characters"),
    ],
)
def test_mistakes_are_googles_errors(comments: Any, body: dict[str, Any], status: int, word: str) -> None:
    with pytest.raises(HttpError) as caught:
        comments.analyze(body=body).execute()
    error = json.loads(caught.value.content)["error"]
    assert (caught.value.status_code, error["code"], error["status"]) == (status, status, "INVALID_ARGUMENT")
    assert word in error["message"]


def test_a_wrong_key_is_refused(server: Running) -> None:
    with google_client(server, key="a-key-of-nobody-here") as client, pytest.raises(HttpError) as caught:
        client.comments().analyze(body=asking(TALK, "ACTION")).execute()
    assert caught.value.status_code == 401
    assert json.loads(caught.value.content)["error"]["status"] == "UNAUTHENTICATED"


def coral_analysis(text: str) -> dict[str, Any]:
    """What Coral's `getPerspectiveScore` sends (server/src/core/server/services/perspective)."""
    return {
        "comment": {"text": text},
        "doNotStore": True,
        "requestedAttributes": {"FINANCIAL_ADVICE": {}},
        "context": {"entries": [{"text": "https://forum.example/story"}]},
        "languages": ["en"],
    }


def test_coral_gets_its_score_within_its_800_milliseconds(server: Running) -> None:
    answer = server.client.post(
        f"/v1alpha1/comments:analyze?key={KEY}", json=coral_analysis(ADVICE), timeout=0.8, headers={"authorization": ""}
    )
    assert answer.json()["attributeScores"]["FINANCIAL_ADVICE"]["summaryScore"]["value"] > 0.8


class Stuck(Detector):
    """A real engine that waits for a gate."""

    gate = threading.Event()

    def examine(self, posts: Iterable[Post], *, workers: int = 1) -> Iterator[Checked]:
        self.gate.wait(60)
        return super().examine(posts, workers=workers)


def test_an_engine_that_is_stuck_costs_coral_no_more_than_its_800_milliseconds() -> None:
    stuck = start_checker({"default": load_policy()}, "default", engine=Stuck)
    with serving(stuck, keys={"t": KEY}) as server:
        started = time.monotonic()
        answer = server.client.post(f"/v1alpha1/comments:analyze?key={KEY}", json=coral_analysis(ADVICE))
        assert time.monotonic() - started < 5  # our budget is 0.7 s; the rest is for a busy machine
        assert (answer.status_code, answer.json()["error"]["status"]) == (503, "UNAVAILABLE")
        assert "0.7 s" in answer.json()["error"]["message"]
        Stuck.gate.set()
    asyncio.run(stuck.close(seconds=10))


def test_a_store_that_is_stuck_costs_the_memory_and_not_the_answer(
    checker: Checker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    monkeypatch.setattr(Store, "standing", lambda *_: gate.wait(60) and None)
    store = {"url": f"sqlite:///{tmp_path}/d.db"}
    with serving(checker, keys={"t": KEY}, store=store, perspective={"budget_ms": 3_000}) as server:
        started = time.monotonic()
        answer = server.client.post(f"/v1alpha1/comments:analyze?key={KEY}", json=coral_analysis(ADVICE))
        assert answer.json()["attributeScores"]["FINANCIAL_ADVICE"]["summaryScore"]["value"] > 0.8
        assert time.monotonic() - started < 30
        assert server.metric("detector_records_total", fate="not_recalled") == 1
        gate.set()


def test_suggested_scores_become_labels(checker: Checker, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/d.db"
    settings: dict[str, Any] = {"keys": {"t": KEY}, "store": {"url": url, "keep_text": True}}
    with serving(checker, **settings) as server, google_client(server) as client:
        for text, value in ((ADVICE, 0), ("Load up before Friday, frens.", 1)):
            suggested = {
                "comment": {"text": text},
                "attributeScores": {"FINANCIAL_ADVICE": {"summaryScore": {"value": value}}},
                "communityId": "Coral:acme",
                "clientToken": "comment:9",
            }
            assert client.comments().suggestscore(body=suggested).execute()["clientToken"] == "comment:9"
        answer = server.client.post("/v1/check", json={"text": ADVICE}, headers={"x-api-key": KEY}).json()
        assert answer["results"][0]["verdict"]["because"] == "a moderator approved this text"
    store = Store.open(url, keep_text=True)
    labels = [(label.action, label.text, [passage.kind for passage in label.passages]) for label in store.labels()]
    store.close()
    assert ("approve", ADVICE, ["other"]) in labels
    assert [each[0] for each in labels] == ["approve", "reject"]


def test_without_a_database_a_suggestion_is_not_pretended_to_be_kept(comments: Any) -> None:
    suggested = {"comment": {"text": TALK}, "attributeScores": {"ACTION": {"summaryScore": {"value": 1}}}}
    with pytest.raises(HttpError) as caught:
        comments.suggestscore(body=suggested).execute()
    assert caught.value.status_code == 501
