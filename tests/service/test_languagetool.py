"""The LanguageTool-compatible endpoint: the real client, and requests as other real clients shape them."""

from __future__ import annotations

import json

import language_tool_python
import pytest
from language_tool_python.exceptions import LanguageToolError
from languagetool_requests import TWO, asked, cut, found
from running_server import ADVICE, TALK, Running, serving

from detector.service.checker import Checker

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
