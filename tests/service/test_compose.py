"""The page at `/compose`, the script that other sites load, and fixes on demand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from running_server import ADVICE, TALK, Running, serving

from detector.service.checker import Checker

KEY = "a-key-for-the-tests"
TWO = f"{TALK} {ADVICE}"


def test_the_page_holds_nothing_that_a_strict_policy_refuses(checker: Checker) -> None:
    with serving(checker, policies=["eu_mar"]) as server:
        answer = server.client.get("/compose")
        policy = answer.headers["content-security-policy"]
        assert "'unsafe" not in policy
        assert "script-src 'self'" in policy
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=", answer.text)
        assert '<option value="eu_mar"' in answer.text
        assert 'id="key"' not in answer.text
        for path in re.findall(r'(?:src|href)="(/web/[^"]+)"', answer.text):
            assert server.client.get(path).status_code == 200


def test_the_page_asks_for_a_key_where_one_is_needed(server: Running) -> None:
    with httpx.Client(base_url=server.url) as stranger:
        assert 'id="key"' in stranger.get("/compose").text
        assert stranger.post("/v1/fixes", json={"text": TWO, "finding": "x"}).status_code == 401


def test_the_script_can_be_loaded_by_other_sites_and_kept(server: Running, root: Path) -> None:
    for path in sorted((root / "detector/web").iterdir()):
        answer = server.client.get(f"/web/{path.name}")
        assert answer.content == path.read_bytes()
        assert answer.headers["content-type"].startswith({".js": "text/javascript", ".css": "text/css"}[path.suffix])
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert "max-age" in answer.headers["cache-control"]
        again = server.client.get(f"/web/{path.name}", headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_every_import_of_the_script_is_there(root: Path) -> None:
    web = root / "detector/web"
    for path in web.glob("*.js"):
        for name in re.findall(r'(?:from |import\()"\./([^"]+)"', path.read_text(encoding="utf-8")):
            assert (web / name).is_file(), f"{path.name}: {name}"


@pytest.mark.parametrize("name", ["../service/settings.py", "..%2Fpolicy.py", "detector.py", "", "%00", "words.js/"])
def test_no_other_file_can_be_asked_for(server: Running, name: str) -> None:
    assert server.client.get(f"/web/{name}").status_code in (404, 307)


def found(server: Running, text: str, **more: Any) -> list[dict[str, Any]]:
    answer = server.client.post("/v1/check", json={"text": text, **more})
    findings: list[dict[str, Any]] = answer.json()["results"][0]["post"]["findings"]
    return findings


def fixes(server: Running, text: str, finding: str, **more: Any) -> httpx.Response:
    return server.client.post("/v1/fixes", json={"text": text, "finding": finding, **more})


@pytest.mark.parametrize(
    ("text", "text_format"),
    [
        (TWO, "plain"),
        (f"😀 {TWO}\r\nBye 👋.", "plain"),
        (f"**Morning**\n\n{ADVICE}\n\n- one", "markdown"),
        (f"<p>{TALK}</p><p>{ADVICE}</p>", "html"),
    ],
)
def test_every_fix_settles_its_finding(server: Running, text: str, text_format: str) -> None:
    for finding in found(server, text, format=text_format):
        answer = fixes(server, text, finding["id"], format=text_format).json()
        assert answer["schema"] == "detector.fixes/1"
        if finding["rule"] == "recommendation":
            assert answer["fixes"]
        for fix in answer["fixes"]:
            after = text[: fix["start"]] + fix["replacement"] + text[fix["end"] :]
            left = [(each["rule"], each["text"]) for each in found(server, after, format=text_format)]
            assert (finding["rule"], finding["text"]) not in left, fix["title"]


def test_a_finding_that_is_not_there_has_no_fixes(server: Running) -> None:
    answer = fixes(server, TWO, "0" * 16)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "no_such_finding"
    [finding, *_] = found(server, TWO)
    assert fixes(server, f"{TWO} ", finding["id"]).status_code == 404


def test_drafts_are_neither_kept_nor_sent_on(checker: Checker, tmp_path: Path) -> None:
    with serving(checker, store={"url": f"sqlite:///{tmp_path / 'store.db'}"}) as server:
        server.client.post("/v1/check", json={"text": TWO, "id": "draft", "draft": True})
        server.client.post("/v2/check", data={"text": TWO, "language": "en"})
        server.client.post("/v1/check", json={"text": TWO, "id": "published"})
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"published" in content
    assert b"draft" not in content
