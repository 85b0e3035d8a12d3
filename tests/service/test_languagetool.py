"""The LanguageTool-compatible endpoint: real client, requests as real clients shape them, wrong ones of each kind."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import language_tool_python
import pytest
from language_tool_python.exceptions import LanguageToolError
from running_server import ADVICE, TALK, Running, serving

from detector.service.checker import Checker

KEY = "a-key-for-the-tests"
TWO = f"{TALK} {ADVICE}"
FAKE = Path(__file__).with_name("fake_languagetool.py")


@pytest.fixture(scope="module")
def open_server(checker: Checker) -> Iterator[Running]:
    """As on a writer's own machine: no keys."""
    with serving(checker) as running:
        yield running


def asked(server: Running, path: str = "/v2/check", **fields: str) -> httpx.Response:
    return server.client.post(path, data={"language": "en-US", **fields})


def found(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    matches: list[dict[str, Any]] = answer.json()["matches"]
    return matches


def cut(text: str, match: dict[str, Any]) -> str:
    """The words of a match, by UTF-16 code units as every client counts."""
    units = text.encode("utf-16-le")
    return units[2 * match["offset"] : 2 * (match["offset"] + match["length"])].decode("utf-16-le")


# The real client


def test_the_python_client_finds_and_corrects(open_server: Running) -> None:
    with language_tool_python.LanguageTool("en-US", remote_server=open_server.url) as tool:
        text = f"😀 {TWO} 👨‍👩‍👧‍👦"
        by_rule = {match.rule_id: match for match in tool.check(text)}
        advice = by_rule["FINANCIAL_ADVICE_ACTION"]
        assert text[advice.offset : advice.offset + advice.error_length] == ADVICE
        assert advice.category == "STYLE"
        assert "DISCLAIMER_MISSING" in by_rule
        corrected = tool.correct(TWO)
        assert not [each for each in tool.check(corrected) if each.rule_id.startswith("FINANCIAL_ADVICE")]


def test_the_python_clients_own_settings_are_kept(open_server: Running) -> None:
    with language_tool_python.LanguageTool("auto", remote_server=open_server.url) as tool:
        tool.preferred_variants = {"en-GB"}
        tool.disabled_categories = {"STYLE"}
        assert {match.rule_id for match in tool.check(TWO)} == {"DISCLAIMER_MISSING"}
        tool.disabled_categories = set()
        tool.disabled_rules = {"DISCLAIMER_MISSING"}
        tool.picky = True
        assert {match.rule_id for match in tool.check(TWO)} == {"FINANCIAL_ADVICE_ACTION"}


def test_the_python_client_is_told_what_it_did_wrong(open_server: Running) -> None:
    with language_tool_python.LanguageTool("en-US", remote_server=open_server.url) as tool:
        tool.preferred_variants = {"en-GB"}
        with pytest.raises(LanguageToolError, match="didn't specify 'language=auto'"):
            tool.check(TWO)


# As other clients send it


def ltex(parts: list[dict[str, str]]) -> dict[str, str]:
    """The form that LTeX+ builds (LanguageToolHttpInterface.kt)."""
    return {
        "language": "en-US",
        "data": json.dumps({"annotation": parts}),
        "enabledRules": "",
        "disabledRules": "",
        "level": "default",
    }


def test_ltex_gets_every_field_it_reads(open_server: Running) -> None:
    parts = [
        {"markup": "# ", "interpretAs": ""},
        {"text": "Title"},
        {"markup": "\n\n", "interpretAs": "\n\n"},
        {"text": "You should "},
        {"markup": "**"},
        {"text": "buy NVDA"},
        {"markup": "**"},
        {"text": " now."},
    ]
    whole = "".join(part.get("text", part.get("markup", "")) for part in parts)
    answer = open_server.client.post("/v2/check", data=ltex(parts))
    [advice] = [match for match in found(answer) if match["rule"]["id"] == "FINANCIAL_ADVICE_ACTION"]
    assert cut(whole, advice) == "You should **buy NVDA** now."
    assert advice["sentence"] == ADVICE
    for match in found(answer):  # LanguageToolRuleMatch.kt: `asString` on each of these throws on anything else
        assert isinstance(match["sentence"], str)
        assert isinstance(match["message"], str)
        assert isinstance(match["rule"]["id"], str)
        assert all(isinstance(each["value"], str) for each in match["replacements"])


def test_what_markup_stands_for_is_read_in_its_place(open_server: Running) -> None:
    parts = [
        {"text": "😀 You should buy NVDA"},
        {"markup": "&nbsp;", "interpretAs": " "},
        {"text": "now"},
        {"markup": "&excl;", "interpretAs": "!"},
        {"markup": "<br>", "interpretAs": "\n"},
        {"text": "Nice weather today."},
    ]
    whole = "".join(part.get("text", part.get("markup", "")) for part in parts)
    [advice] = [
        m
        for m in found(open_server.client.post("/v2/check", data=ltex(parts)))
        if m["rule"]["category"]["id"] == "STYLE"
    ]
    assert cut(whole, advice).endswith("You should buy NVDA&nbsp;now&excl;")


def test_replacements_keep_the_markup_around_them(open_server: Running) -> None:
    parts = [
        {"text": "You should "},
        {"markup": "**"},
        {"text": "buy NVDA"},
        {"markup": "**"},
        {"text": " now. Or not."},
    ]
    whole = "".join(part.get("text", part.get("markup", "")) for part in parts)
    for match in found(open_server.client.post("/v2/check", data=ltex(parts))):
        for replacement in match["replacements"]:
            units = whole.encode("utf-16-le")
            new = units[: 2 * match["offset"]].decode("utf-16-le") + replacement["value"]
            new += units[2 * (match["offset"] + match["length"]) :].decode("utf-16-le")
            again = found(asked(open_server, text=new))
            assert match["rule"]["id"] not in {each["rule"]["id"] for each in again}


@pytest.mark.parametrize("base", ["/v2", ""])
def test_obsidian_gets_languages_and_strings(open_server: Running, base: str) -> None:
    """With and without `/v2`; a missing string makes its whole check throw."""
    languages = open_server.client.get(f"{base}/languages").json()
    assert {"name": "English (US)", "code": "en", "longCode": "en-US"} in languages
    data = json.dumps(
        {"annotation": [{"text": "- "}, {"text": ADVICE}, {"markup": "[[", "interpretAs": ""}, {"text": "note"}]}
    )
    answer = open_server.client.post(
        f"{base}/check",
        data={
            "data": data,
            "language": "auto",
            "preferredVariants": "en-GB,de-DE",
            "level": "picky",
            "enabledOnly": "false",
        },
    )
    for match in found(answer):
        assert isinstance(match["shortMessage"], str)
        assert isinstance(match["message"], str)
        assert isinstance(match["rule"]["category"]["id"], str)
        assert match["rule"]["id"].isupper()
    assert answer.json()["language"]["code"] == "en-GB"


def test_the_answer_has_every_field_of_the_original(open_server: Running) -> None:
    answer = asked(open_server, text=TWO).json()
    assert set(answer) == {"software", "warnings", "language", "matches", "sentenceRanges"}
    assert set(answer["software"]) == {"name", "version", "buildDate", "apiVersion", "premium", "status"}
    assert set(answer["language"]["detectedLanguage"]) == {"name", "code", "confidence", "source"}
    assert answer["sentenceRanges"] == [[0, len(TALK)], [len(TALK) + 1, len(TWO)]]
    match = answer["matches"][0]
    assert set(match) == {
        "message", "shortMessage", "replacements", "offset", "length", "context", "sentence", "type", "rule",
        "ignoreForIncompleteSentence", "contextForSureMatch",
    }  # fmt: skip
    assert set(match["rule"]) == {"id", "description", "issueType", "category", "urls"}


@pytest.mark.parametrize(
    "text", [f"One.\r\nTwo 😀.\r\n{ADVICE}\r\n", f"\ufeff{ADVICE}", f"𝒜 𝓁𝓁\r{ADVICE}", f"{ADVICE}\n\n\n  \t"]
)
def test_line_ends_and_emoji_do_not_move_a_match(open_server: Running, text: str) -> None:
    matches = found(asked(open_server, text=text))
    [advice] = [match for match in matches if match["rule"]["id"].startswith("FINANCIAL")]
    assert cut(text, advice).strip("\ufeff") == ADVICE
    context = advice["context"]
    assert cut(context["text"], context).strip("\ufeff") == ADVICE
    assert "\n" not in context["text"]
    assert "\r" not in context["text"]
    assert all(match["length"] > 0 for match in matches)


def test_a_missing_disclaimer_can_be_inserted_by_any_client(checker: Checker) -> None:
    with serving(checker, languagetool={"policy": "eu_mar"}) as server:
        [missing] = [m for m in found(asked(server, text=f"{TWO}\n")) if m["rule"]["id"] == "DISCLAIMER_MISSING"]
        assert cut(TWO, missing) == "now."
        assert all(each["value"].startswith("now.\n\n") for each in missing["replacements"])


def test_a_get_is_answered_as_well(open_server: Running) -> None:
    answer = open_server.client.get("/v2/check", params={"text": TWO, "language": "en"})
    assert {match["rule"]["id"] for match in found(answer)} >= {"FINANCIAL_ADVICE_ACTION"}


def test_nothing_to_check_is_no_match(open_server: Running) -> None:
    assert found(asked(open_server, text="")) == []
    assert found(asked(open_server, data='{"annotation": []}')) == []
    assert found(asked(open_server, data='{"annotation": [{"markup": "<p>"}]}')) == []


def test_rules_can_be_chosen(open_server: Running) -> None:
    only = found(asked(open_server, text=TWO, enabledOnly="true", enabledRules="DISCLAIMER_MISSING"))
    assert {match["rule"]["id"] for match in only} == {"DISCLAIMER_MISSING"}
    category = found(asked(open_server, text=TWO, enabledOnly="yes", enabledCategories="STYLE"))
    assert {match["rule"]["category"]["id"] for match in category} == {"STYLE"}
    both = found(asked(open_server, text=TWO, disabledCategories="STYLE", enabledRules="FINANCIAL_ADVICE_ACTION"))
    assert "FINANCIAL_ADVICE_ACTION" in {match["rule"]["id"] for match in both}


# Wrong arguments

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


# A real server behind ours


@contextlib.contextmanager
def languagetool(seconds: float) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    process = subprocess.Popen([sys.executable, str(FAKE), "0", str(seconds)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/v2", process
    finally:
        process.kill()
        process.communicate()


def test_spelling_of_the_server_behind_is_merged(checker: Checker) -> None:
    text = f"😀 It is teh best. {ADVICE}"
    with (
        languagetool(0) as (url, _),
        serving(checker, languagetool_upstream={"url": url}, keys={"tests": KEY}) as server,
    ):
        answer = asked(server, text=text, apiKey=KEY, username="me")
        rules = [match["rule"]["id"] for match in found(answer)]
        assert set(rules) >= {"MORFOLOGIK_RULE_EN_US", "FINANCIAL_ADVICE_ACTION"}
        assert rules.index("MORFOLOGIK_RULE_EN_US") < rules.index("FINANCIAL_ADVICE_ACTION")
        assert cut(text, found(answer)[rules.index("MORFOLOGIK_RULE_EN_US")]) == "teh"
        assert answer.json()["warnings"] == {"incompleteResults": False}
        codes = {each["longCode"] for each in server.client.get("/v2/languages").json()}
        assert {"en-US", "de-DE"} <= codes
        german = asked(server, text="teh", language="de-DE", apiKey=KEY)
        assert [match["rule"]["id"] for match in found(german)] == ["MORFOLOGIK_RULE_EN_US"]


def test_the_python_client_sees_both(checker: Checker) -> None:
    with languagetool(0) as (url, _), serving(checker, languagetool_upstream={"url": url}) as server:
        with language_tool_python.LanguageTool("en-US", remote_server=server.url) as tool:
            matches = {match.rule_id: match for match in tool.check(f"To teh moon. {ADVICE}")}
        assert matches["MORFOLOGIK_RULE_EN_US"].matched_text == "teh"
        assert matches["FINANCIAL_ADVICE_ACTION"].matched_text == ADVICE


def test_a_slow_server_behind_costs_its_time_limit_and_no_more(checker: Checker) -> None:
    with (
        languagetool(30) as (url, _),
        serving(checker, languagetool_upstream={"url": url, "timeout_ms": 300}) as server,
    ):
        started = time.monotonic()
        answer = asked(server, text=TWO)
        assert time.monotonic() - started < 10
        assert "FINANCIAL_ADVICE_ACTION" in {match["rule"]["id"] for match in found(answer)}
        assert answer.json()["warnings"]["incompleteResults"] is True
        assert "gave no answer" in answer.json()["warnings"]["incompleteResultsReason"]


def test_a_dead_server_behind_takes_nothing_away(checker: Checker) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/v2"
    with serving(checker, languagetool_upstream={"url": url}) as server:
        answer = asked(server, text=TWO)
        assert "FINANCIAL_ADVICE_ACTION" in {match["rule"]["id"] for match in found(answer)}
        assert answer.json()["warnings"]["incompleteResults"] is True
        assert "en-US" in {each["longCode"] for each in server.client.get("/v2/languages").json()}
