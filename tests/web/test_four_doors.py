"""One truth: the command line, the service, the language server and a browser say the same of the same posts.

All four are the real ones: a process of `detector check`, one of `detector serve`, one of `detector lsp`, and Chromium.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from editor_session import Draft, capabilities, session, utf16_range
from lsprotocol import types
from playwright.sync_api import Page
from web_pages import ADVICE, ALTERED, PROMISE, OpenPage

from detector.document import text_format_of
from detector.units import Units

LANGUAGES = {"plain": "plaintext", "markdown": "markdown", "html": "html"}
SEVERITIES = {
    types.DiagnosticSeverity.Error: "error",
    types.DiagnosticSeverity.Warning: "warning",
    types.DiagnosticSeverity.Information: "notice",
}
# Rules that a diagnostic carries in its own fields, and those in its data.
SAID = (
    "rule",
    "kind",
    "target",
    "start",
    "end",
    "text",
    "probability",
    "severity",
    "message",
    "disclaimer",
    "integrity",
)
POSTS = {
    "quiet.txt": "Nice day on the market. I bought 100 shares.",
    "crlf.txt": f"Morning all.\r\n\r\n{ADVICE}\r\n- {PROMISE}\r\nBye.\r\n",
    "crlf.md": f"# News 🚀\r\n\r\n> {ADVICE}\r\n\r\n{ADVICE} **Buy the dip!**\r\n\r\n```\r\n{ADVICE}\r\n```\r\n",
    "emoji.txt": f"🚀🚀 TSLA 👨‍👩‍👧‍👦 {ADVICE} 🇸🇬 {PROMISE}\n👍🏽 {ADVICE}",
    "astral.md": f"𝒜𝓁𝓁 in, 𝗳𝗿𝗶𝗲𝗻𝗱𝘀. {ADVICE}\n\n𝒜 {PROMISE} _𝒜𝓁𝓁_ **{ADVICE}**",
    "right_to_left.txt": f"صباح الخير \u202b{ADVICE}\u202c\nשלום עולם {PROMISE}",
    "invisible.txt": "You sh\u200bould buy T\u00adSLA now before it is too late. e\u0301 \u2028 \x0c Bye.",
    "links.md": f"See [buy NVDA](https://example.org/buy-nvda). {PROMISE}\n\n1. {ADVICE}\n2. `{ADVICE}`",
    "paragraphs.html": "<p>One &amp; two 😀&nbsp;three.</p><p>You <b>should</b> buy <i>TSLA</i> now before it is too late.</p>",
    "quoted.html": f"<blockquote><p>{ADVICE}</p></blockquote><p dir=\"rtl\">שלום {PROMISE}</p><pre>{ADVICE}</pre>",
    "crlf.html": f"<p>Morning 𝒜.</p>\r\n<p>{ADVICE}</p>\r\n<ul><li>{PROMISE}</li></ul>",
    "altered.txt": f"📈 {ALTERED}\r\n\r\n{ADVICE}",
    "altered.md": f"{ADVICE}\n\n*{ALTERED}*\n",
    "altered.html": f"<p>{ALTERED.replace('low-risk', '<b>low-risk</b>')}</p><p>{ADVICE}</p>",
}  # fmt: skip
BODY = """<textarea aria-label="Plain"></textarea><textarea aria-label="Markdown"></textarea>
<div contenteditable="true" role="textbox" aria-label="HTML"></div>"""
SCRIPT = """const [plain, markdown] = document.querySelectorAll("textarea");
const html = document.querySelector("div");
window.editors = {{
  plain: attach(plain, {{ policy: "{policy}", timeout: 60000 }}),
  markdown: attach(markdown, {{ policy: "{policy}", format: "markdown", timeout: 60000 }}),
  html: attach(html, {{ policy: "{policy}", timeout: 60000 }}),
}};
window.put = (format, text) => {{
  if (format === "html") html.innerHTML = text; else ({{ plain, markdown }})[format].value = text;
  return window.editors[format].editor.read().text;
}};"""
Found = list[dict[str, Any]]


def said(finding: dict[str, Any]) -> dict[str, Any]:
    edits = [{name: each[name] for name in ("start", "end", "found", "expected")} for each in finding["edits"]]
    return {name: finding[name] for name in SAID} | {"edits": edits}


def by_command_line(paths: list[Path], policy: str) -> dict[str, Found]:
    command = [sys.executable, "-m", "detector", "check", *map(str, paths), "--policy", policy, "--to", "jsonl"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr.decode()
    records = map(json.loads, done.stdout.decode().splitlines())
    return {Path(record["id"]).name: list(map(said, record["findings"])) for record in records}


def by_service(address: str, policy: str) -> dict[str, Found]:
    posts = [{"text": text, "format": text_format_of(name)} for name, text in POSTS.items()]
    answer = httpx.post(f"{address}/v1/check", json={"posts": posts, "policy": policy}, timeout=60).json()
    return {
        name: list(map(said, result["post"]["findings"])) for name, result in zip(POSTS, answer["results"], strict=True)
    }


async def by_language_server(paths: list[Path], policy: str) -> dict[str, Found]:
    found = {}
    able = capabilities(pull=True)
    async with session(paths[0].parent, able=able, options={"policy": policy}) as client:
        for path in paths:
            text = path.read_bytes().decode()
            draft = Draft(client, path.as_uri(), text, language=LANGUAGES[text_format_of(path.name)])
            found[path.name] = [_diagnosed(each, text) for each in await draft.found()]
    return found


def _diagnosed(diagnostic: types.Diagnostic, text: str) -> dict[str, Any]:
    """As a record says it; the range that the author sees is held against the offsets."""
    data = diagnostic.data
    start, end = data["start"], data["end"]
    if start < end:
        assert diagnostic.range == utf16_range(text, start, end)
    assert diagnostic.severity is not None
    own = {
        "rule": diagnostic.code,
        "message": diagnostic.message,
        "severity": SEVERITIES[diagnostic.severity],
        "text": text[start:end],
    }
    return dict.fromkeys(SAID) | {name: data[name] for name in data if name in SAID} | own


def in_browser(page: Page) -> Iterator[tuple[str, str, Found]]:
    """For each post its name, the text that the browser made of it, and what was found in that."""
    for name, text in POSTS.items():
        text_format = text_format_of(name)
        held = page.evaluate("([format, text]) => put(format, text)", [text_format, text])
        page.evaluate(f"editors.{text_format}.check()")
        marks = page.evaluate(f"editors.{text_format}.marks.map(({{ finding }}) => finding)")
        units = Units(held, "utf16")
        yield name, held, [_back(said(each), units) for each in marks]


def _back(finding: dict[str, Any], units: Units) -> dict[str, Any]:
    """With offsets in code points."""
    places = {name: units.to_code_points(finding[name]) for name in ("start", "end")}
    return (
        finding | places | ({"edits": [_back(each, units) for each in finding["edits"]]} if "edits" in finding else {})
    )


def without_returns(finding: dict[str, Any], text: str) -> dict[str, Any]:
    """As it is in the text without carriage returns, which a browser's editors do not keep."""
    places = {name: finding[name] - text.count("\r", 0, finding[name]) for name in ("start", "end")}
    words = {name: finding[name].replace("\r", "") for name in ("text", "found") if name in finding}
    edits = {"edits": [without_returns(each, text) for each in finding["edits"]]} if "edits" in finding else {}
    return finding | places | words | edits


@pytest.mark.parametrize("policy", ["every_post", "default"])
def test_command_line_service_language_server_and_browser_say_the_same(
    policy: str, open_page: OpenPage, service_address: str, tmp_path: Path
) -> None:
    paths = [tmp_path / name for name in POSTS]
    for path in paths:
        path.write_bytes(POSTS[path.name].encode())
    expected = by_command_line(paths, policy)
    assert by_service(service_address, policy) == expected

    with ThreadPoolExecutor(1) as beside:  # the browser's driver has an event loop on this thread
        diagnosed = beside.submit(asyncio.run, by_language_server(paths, policy)).result()
    assert diagnosed == {name: [_without_edits(each) for each in found] for name, found in expected.items()}

    page = open_page(BODY, SCRIPT.format(policy=policy))
    for name, held, found in in_browser(page):
        assert held == POSTS[name].replace("\r\n", "\n")
        assert found == [without_returns(each, POSTS[name]) for each in expected[name]], name
    _assert_worth_comparing(expected, policy)


def _without_edits(finding: dict[str, Any]) -> dict[str, Any]:
    return {name: finding[name] for name in SAID}


def _assert_worth_comparing(expected: dict[str, Found], policy: str) -> None:
    """Equal answers prove nothing where nothing was found."""
    rules = {name: {each["rule"] for each in found} for name, found in expected.items()}
    assert {name for name in POSTS if "recommendation" in rules[name]} == set(POSTS) - {"quiet.txt"}
    assert all("disclaimer_altered" in rules[name] for name in POSTS if name.startswith("altered"))
    if policy == "every_post":
        assert "disclaimer_missing" in rules["quiet.txt"]
    starts = [each["start"] for each in expected["emoji.txt"] if each["rule"] == "recommendation"]
    assert POSTS["emoji.txt"].index(ADVICE) in starts
