"""Our own protocol, against a real server."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from running_server import ADVICE, TALK, Running

from detector.engine import Detector
from detector.post import Post


def check(server: Running, body: object) -> dict[str, Any]:
    answer = server.client.post("/v1/check", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_one_post_gives_a_verdict_and_the_record_of_the_published_schema(server: Running, root: Path) -> None:
    answer = check(server, {"id": "7", "text": ADVICE, "author": "ann"})
    assert answer["schema"] == "detector.check/1"
    (result,) = answer["results"]
    jsonschema.validate(result["post"], json.loads((root / "detector/reports/post.schema.json").read_text()))
    assert (result["post"]["id"], result["post"]["author"]) == ("7", "ann")
    assert result["verdict"]["verdict"] in {"nudge", "review"}
    assert set(result["verdict"]["findings"]) <= {each["id"] for each in result["post"]["findings"]}
    assert result["verdict"]["findings"]


def test_a_batch_says_what_the_library_says_in_the_same_order(server: Running) -> None:
    texts = [TALK, ADVICE, "I bought 100 shares.", "Guaranteed 10x, message me for signals!", ""]
    answer = check(server, {"posts": [{"text": text} for text in texts]})
    found = [[each["text"] for each in result["post"]["findings"]] for result in answer["results"]]
    expected = Detector("default").check(Post("", text) for text in texts)
    assert found == [[each.text for each in findings] for _, findings in expected]
    verdicts = [result["verdict"]["verdict"] for result in answer["results"]]
    assert verdicts[0] == verdicts[4] == "allow"
    assert verdicts[3] == "review"


def test_diffs_and_fixes_come_along(server: Running) -> None:
    text = (
        "Don’t invest unless you’re prepared to lose some of the money you invest. This is a low-risk investment and "
        "you are unlikely to be protected if something goes wrong."
    )
    results = check(server, {"text": text})["results"]
    (finding,) = [each for each in results[0]["post"]["findings"] if each["rule"] == "disclaimer_altered"]
    assert {edit["found"] for edit in finding["edits"]} & {"low", "some", "low-risk"}
    fix = finding["fix"]
    assert "high-risk" in text[: fix["start"]] + fix["replacement"] + text[fix["end"] :]


def test_fixes_come_for_every_finding_when_asked_for_and_hold(server: Running) -> None:
    text = f"{TALK} {ADVICE}"
    plain, asked = (check(server, {"text": text, "fixes": wanted})["results"][0] for wanted in (False, True))
    assert plain["fixes"] is None
    findings = asked["post"]["findings"]
    assert [each["finding"] for each in asked["fixes"]] == [each["id"] for each in findings]
    offered = {fix["action"]: fix for each in asked["fixes"] for fix in each["fixes"]}
    assert {"insert", "remove"} <= set(offered)
    cut = offered["remove"]
    changed = text[: cut["start"]] + cut["replacement"] + text[cut["end"] :]
    assert check(server, {"text": changed})["results"][0]["post"]["findings"] == []
    alone = server.client.post("/v1/fixes", json={"text": text, "finding": findings[0]["id"]}).json()["fixes"]
    assert alone == asked["fixes"][0]["fixes"]


def test_fixes_of_a_batch_stand_with_their_posts(server: Running) -> None:
    results = check(server, {"posts": [{"text": TALK}, {"text": ADVICE}], "fixes": True})["results"]
    assert results[0]["fixes"] == []
    assert results[1]["fixes"][0]["fixes"]


def test_role_and_place_count(server: Running) -> None:
    as_member = check(server, {"text": ADVICE})["results"][0]["verdict"]
    as_moderator = check(server, {"text": ADVICE, "role": "moderator"})["results"][0]["verdict"]
    assert (as_member["verdict"], as_moderator["verdict"]) == ("review", "nudge")
    assert as_moderator["because"] == "clause 1"


def test_a_further_policy_can_be_named(server: Running) -> None:
    forecast = "NVDA will be at 300 by December."
    default, eu_mar = (check(server, {"text": forecast, "policy": name}) for name in ("default", "eu_mar"))
    assert default["results"][0]["post"]["findings"] == []
    assert "forecast" in {each["kind"] for each in eu_mar["results"][0]["post"]["findings"]}
    assert default["policy_checksum"] != eu_mar["policy_checksum"]


def test_html_is_read_as_its_reader_sees_it(server: Running) -> None:
    text = "<p>You should <b>buy</b> NVDA&nbsp;now.</p>"
    (result,) = check(server, {"text": text, "format": "html"})["results"]
    places = [(each["start"], each["end"]) for each in result["post"]["findings"] if each["kind"]]
    assert [text[start:end] for start, end in places] == ["You should <b>buy</b> NVDA&nbsp;now."]


DEEP = b'{"text": ' + b"[" * 10_000 + b"]" * 10_000 + b"}"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "not_json"),
        (b"{", 400, "not_json"),
        (b'{"text": "\xff"}', 400, "not_json"),
        (DEEP, 400, "too_deep"),
        (b"[]", 422, "invalid"),
        (b"{}", 422, "invalid"),
        (b'{"text": 3}', 422, "invalid"),
        (b'{"text": "x", "txet": "y"}', 422, "invalid"),
        (b'{"posts": [{"text": "x"}, {}]}', 422, "invalid"),
        (b'{"text": "x", "format": "rtf"}', 422, "invalid"),
        (b'{"text": "x", "policy": "mars"}', 422, "unknown_policy"),
        (b'{"posts": [' + b",".join([b'{"text":""}'] * 257) + b"]}", 413, "too_large"),
        (b'{"text": "' + b"x" * 100_001 + b'"}', 413, "too_large"),
        (b'{"text": "' + b"x" * 1_048_576 + b'"}', 413, "too_large"),
    ],
)
def test_bad_bodies_are_refused_with_a_reason(server: Running, body: bytes, status: int, code: str) -> None:
    answer = server.client.post("/v1/check", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["schema"] == "detector.error/1"


def test_brackets_in_a_text_are_not_depth(server: Running) -> None:
    assert check(server, {"text": '[[[[{{{{"' * 50})["results"][0]["verdict"]["verdict"] == "allow"


def test_a_body_in_pieces_without_a_length_is_limited_too(server: Running) -> None:
    pieces = (b"x" * 65_536 for _ in range(40))
    answer = server.client.post("/v1/check", content=pieces, headers={"content-type": "application/json"})
    assert answer.status_code == 413


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_what_a_page_of_another_site_can_send_is_refused(server: Running, kind: str) -> None:
    answer = server.client.post("/v1/check", content=b'{"text":"x"}', headers={"content-type": kind})
    assert answer.status_code == 415


def test_an_unpaired_surrogate_is_no_json_in_utf8(server: Running) -> None:
    body = b'{"text": "\\ud83d You should buy NVDA now."}'
    answer = server.client.post("/v1/check", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400


def test_an_empty_batch_is_an_empty_answer(server: Running) -> None:
    assert check(server, {"posts": []})["results"] == []
