"""A real server behind the LanguageTool-compatible endpoint: merged, slow, dead."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import language_tool_python
from languagetool_requests import TWO, asked, cut, found
from running_server import ADVICE, KEY, serving

from detector.service.checker import Checker

FAKE = Path(__file__).with_name("fake_languagetool.py")


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
