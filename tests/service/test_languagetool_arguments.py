"""The LanguageTool-compatible endpoint: wrong arguments of each kind, limits, keys, and its other paths."""

from __future__ import annotations

import httpx
import pytest
from languagetool_requests import TWO, asked, found
from running_server import KEY, Running, serving

from detector.service.checker import Checker

NESTED = "[" * 5_000
WRONG = [
    ({}, "Missing 'text' or 'data' parameter"),
    ({"text": "a", "data": "{}"}, "Set only 'text' or 'data' parameter, not both"),
    ({"data": "{"}, "Could not parse JSON"),
    ({"data": "[]"}, "'data' key in JSON requires 'text' or 'annotation' key"),
    ({"data": "{}"}, "'data' key in JSON requires 'text' or 'annotation' key"),
    ({"data": '{"text": "a", "annotation": []}'}, "not both"),
    ({"data": '{"annotation": [{"text": "a", "markup": "b"}]}'}, "not both"),
    ({"data": '{"annotation": [{"text": "a", "interpretAs": "b"}]}'}, "only 'markup' can"),
    ({"data": '{"annotation": [{"other": "a"}]}'}, "Only 'text' and 'markup'"),
    ({"data": '{"annotation": [1, null]}'}, "Only 'text' and 'markup'"),
    ({"data": '{"annotation": [{"text": 1}]}'}, "as strings"),
    ({"data": f'{{"annotation": {NESTED}'}, "nested deeper"),
    ({"text": "a", "language": ""}, "Missing 'language' parameter"),
    ({"text": "a", "language": "tlh"}, "is not a language code known"),
    ({"text": "a", "preferredVariants": "en-GB"}, "didn't specify 'language=auto'"),
    ({"text": "a", "language": "auto", "preferredVariants": "english"}, "expected a dash"),
    ({"text": "a", "enabled": "x"}, "enabledRules"),
    ({"text": "a", "disabled": "x"}, "disabledRules"),
    ({"text": "a", "preferredvariants": "x"}, "uppercase 'V'"),
    ({"text": "a", "autodetect": "1"}, "language=auto"),
    ({"text": "a", "level": "expert"}, "'default' or 'picky'"),
    ({"text": "a", "enabledOnly": "true"}, "must specify enabled rules"),
    ({"text": "a", "enabledOnly": "true", "enabledRules": "A", "disabledRules": "B"}, "cannot specify disabled rules"),
]


@pytest.mark.parametrize(("fields", "words"), WRONG)
def test_wrong_arguments_are_said_in_plain_text(open_server: Running, fields: dict[str, str], words: str) -> None:
    answer = asked(open_server, **fields)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.startswith("Error: ")
    assert words in answer.text


def test_limits_have_languagetools_codes(checker: Checker) -> None:
    with serving(checker, limits={"text_characters": 50}) as server:
        assert server.client.get("/v2/maxtextlength").text == "50"
        long = asked(server, text="a " * 60)
        assert (long.status_code, long.text.split(":")[0]) == (413, "Error")
        assert server.client.get("/v2/configinfo", params={"language": "en"}).json()["parameter"] == {
            "maxTextLength": 50
        }


def test_other_paths(open_server: Running) -> None:
    client = open_server.client
    assert client.get("/v2/healthcheck").text == "OK"
    assert client.get("/v2/info").json()["software"]["name"] == "advice-detector"
    rules = {rule["ruleId"] for rule in client.get("/v2/configinfo?language=en-US").json()["rules"]}
    assert {"FINANCIAL_ADVICE_ACTION", "DISCLAIMER_MISSING", "DISCLAIMER_ALTERED"} <= rules
    assert client.get("/v2/configinfo").status_code == 400
    assert client.get("/v2/words").status_code == 400
    assert client.post("/v2/words/add", data={"word": "stonks"}).text.startswith(
        "Error: This end point needs a user id"
    )
    unknown = client.get("/v2/nothing")
    assert (unknown.status_code, unknown.text) == (404, "Error: Unsupported action: 'nothing'")


def test_every_reported_rule_is_listed(open_server: Running) -> None:
    rules = {rule["ruleId"]: rule for rule in open_server.client.get("/v2/configinfo?language=en").json()["rules"]}
    for match in found(asked(open_server, text=TWO)):
        assert rules[match["rule"]["id"]]["categoryId"] == match["rule"]["category"]["id"]


def test_a_key_goes_as_a_parameter_or_a_header(server: Running) -> None:
    with httpx.Client(base_url=server.url) as stranger:
        refused = stranger.post("/v2/check", data={"text": TWO, "language": "en"})
        assert (refused.status_code, refused.text.split(":")[0]) == (403, "Error")
        wrong = stranger.post("/v2/check", data={"text": TWO, "language": "en", "username": "me", "apiKey": "no"})
        assert wrong.status_code == 403
        right = stranger.post("/v2/check", data={"text": TWO, "language": "en", "username": "me", "apiKey": KEY})
        assert found(right)
        assert found(stranger.post("/v2/check", data={"text": TWO, "language": "en"}, headers={"X-API-Key": KEY}))


def test_only_listed_origins_may_read_an_answer(checker: Checker) -> None:
    with serving(checker, cors_origins=["moz-extension://abc"]) as server:
        for origin, allowed in (("moz-extension://abc", "moz-extension://abc"), ("https://evil.example", None)):
            answer = server.client.post("/v2/check", data={"text": TWO, "language": "en"}, headers={"Origin": origin})
            assert answer.headers.get("access-control-allow-origin") == allowed


def test_another_language_is_named_and_left_alone(open_server: Running) -> None:
    text = "Ihr solltet diese Aktie kaufen, bevor es zu spät ist, und nicht auf die Bank warten, denn das wird nichts."
    answer = asked(open_server, text=text, language="auto")
    assert answer.json()["language"]["detectedLanguage"]["code"] == "de"
    assert [match for match in found(answer) if match["rule"]["category"]["id"] == "STYLE"] == []
