"""One truth: command line, service, LanguageTool's API and browser say the same of the same text under the same policy."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page
from web_pages import ADVICE, ALTERED, PROMISE, OpenPage, marked

from detector.units import Units

POLICY = "every_post"
PLAIN = {
    "one_line": ADVICE,
    "nothing": "Nice day on the market.",
    "windows_lines": f"Morning 😀.\r\n\r\n{ADVICE}\r\n- {PROMISE}\r\nBye.",
    "emoji": f"🚀🚀 TSLA 🚀 {ADVICE} 👨‍👩‍👧‍👦 {PROMISE} 𝒜𝓁𝓁 in!",
    "altered": f"📈 {ALTERED}\n\n{ADVICE}",
    "invisible": "You sh\u200bould buy T\u00adSLA now before it is too late. \u202eevil\u202c",
    "right_to_left": f"صباح الخير\n{ADVICE}\nשלום עולם",
    "entities": "You should buy AT&amp;T now before it is too late. 5 &lt; 6 &#128512;",
    "markup_in_plain": f"<p>{ADVICE}</p> <b>{PROMISE}</b>",
    "long": f"{'The market moved a little today. ' * 200}{ADVICE} {'And so on it went. ' * 50}",
}
HTML = {
    "paragraphs": f"<p>One &amp; two 😀&nbsp;three.</p><p>You <b>should</b> buy <i>TSLA</i> now before it is too late.</p><p>{PROMISE}</p>",
    "quoted": f"<blockquote><p>{ADVICE}</p></blockquote><p>My dear broker said so. {PROMISE}</p><pre>{ADVICE}</pre>",
    "altered": f"<p>{ALTERED.replace('low-risk', '<b>low-risk</b>')}</p><ul><li>{ADVICE}</li></ul>",
    "hidden": f'<p>Hello.</p><p style="display:none">{ADVICE}</p>',
}
SAID = ("id", "rule", "kind", "target", "field", "start", "end", "text", "probability", "severity", "message", "disclaimer",
        "integrity")  # fmt: skip
CODE_POINTS = """() => window.editor.marks.map(({ finding }) => finding)"""


def said(finding: dict[str, Any]) -> dict[str, Any]:
    words = [reason["words"] for reason in finding["reasons"]]
    return {name: finding[name] for name in SAID} | {"reasons": words, "edits": finding["edits"]}


@pytest.fixture(scope="module")
def by_command_line(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """All plain texts in one audit, each text of HTML as a file of its own."""
    folder = tmp_path_factory.mktemp("posts")
    posts = folder / "posts.jsonl"
    posts.write_text(
        "".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in PLAIN.items()), encoding="utf-8"
    )
    lines = detector(root, "audit", str(posts), "--to", "jsonl")
    found = {record["id"]: record["findings"] for record in map(json.loads, lines)}
    for name, text in HTML.items():
        path = folder / f"{name}.html"
        path.write_bytes(text.encode())
        [line] = detector(root, "check", str(path), "--to", "jsonl")
        found[f"html {name}"] = json.loads(line)["findings"]
    return {name: list(map(said, findings)) for name, findings in found.items()}


def detector(root: Path, *arguments: str) -> list[str]:
    command = [sys.executable, "-m", "detector", *arguments, "--policy", POLICY]
    done = subprocess.run(command, cwd=root, capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    return done.stdout.decode().splitlines()


def by_service(address: str, text: str, text_format: str = "plain") -> list[dict[str, Any]]:
    question = {"text": text, "format": text_format, "policy": POLICY}
    answer = httpx.post(f"{address}/v1/check", json=question, timeout=60).json()
    return [said(finding) for finding in answer["results"][0]["post"]["findings"]]


def in_browser(page: Page, text: str) -> list[dict[str, Any]]:
    """Findings as the page holds them, their UTF-16 offsets read back as code points."""
    page.evaluate("editor.check()")
    units = Units(text, "utf16")

    def back(span: dict[str, Any]) -> dict[str, Any]:
        return span | {"start": units.to_code_points(span["start"]), "end": units.to_code_points(span["end"])}

    findings = page.evaluate(CODE_POINTS)
    return [said(back(each) | {"edits": [back(edit) for edit in each["edits"]]}) for each in findings]


@pytest.mark.parametrize("name", PLAIN)
def test_the_service_says_what_the_command_line_says(
    service_address: str, by_command_line: dict[str, list[dict[str, Any]]], name: str
) -> None:
    assert by_service(service_address, PLAIN[name]) == by_command_line[name]


@pytest.mark.parametrize("name", PLAIN)
def test_languagetools_api_says_the_same(
    service_address: str, by_command_line: dict[str, list[dict[str, Any]]], name: str
) -> None:
    text = PLAIN[name]
    units = Units(text, "utf16")
    answer = httpx.post(f"{service_address}/v2/check", data={"text": text, "language": "en-US"}, timeout=60).json()
    expected = [
        (each["message"], each["start"], each["end"]) for each in by_command_line[name] if each["start"] < each["end"]
    ]
    matches = [
        (each["message"], units.to_code_points(each["offset"]), units.to_code_points(each["offset"] + each["length"]))
        for each in answer["matches"]
    ]
    assert len(matches) == len(by_command_line[name])
    assert {each[0] for each in matches} == {each["message"] for each in by_command_line[name]}
    assert set(expected) <= set(matches)


def test_a_textarea_says_the_same(open_page: OpenPage, service_address: str) -> None:
    """A textarea's value has plain line feeds, whatever was put in: the same words, counted without the returns."""
    page = open_page('<textarea aria-label="Post" rows="8"></textarea>',
                     f'window.editor = attach(document.querySelector("textarea"), {{ policy: "{POLICY}" }});')  # fmt: skip
    for text in PLAIN.values():
        page.locator("textarea").evaluate("(area, words) => { area.value = words; }", text)
        value = page.locator("textarea").input_value()
        assert value == text.replace("\r\n", "\n")
        expected = by_service(service_address, value)
        assert in_browser(page, value) == expected
        words = sorted([each["severity"], each["text"]] for each in expected if each["text"])
        assert marked(page) == words
        returned = [each["text"].replace("\r\n", "\n") for each in by_service(service_address, text)]
        assert [each["text"] for each in expected] == returned


def test_a_contenteditable_says_the_same_of_html(
    open_page: OpenPage, service_address: str, by_command_line: dict[str, list[dict[str, Any]]], faults: Any
) -> None:
    faults.expected.append("Applying inline style")  # the hidden paragraph's own; the page's policy forbids it to hide
    page = open_page('<div id="post" contenteditable="true" role="textbox" aria-label="Post"></div>',
                     f'window.editor = attach(document.querySelector("#post"), {{ policy: "{POLICY}" }});')  # fmt: skip
    for name, html in HTML.items():
        page.locator("#post").evaluate("(element, html) => { element.innerHTML = html; }", html)
        assert page.evaluate("editor.editor.read().text") == html
        assert by_service(service_address, html, "html") == by_command_line[f"html {name}"]
        assert in_browser(page, html) == by_command_line[f"html {name}"]
