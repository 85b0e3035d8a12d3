"""Slow, dead and broken servers: the author goes on, loses nothing, and is told that nothing was checked."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect
from web_pages import ADVICE, OpenPage, pill, until

BODY = '<form><label for="post">Post</label><textarea id="post" name="post" rows="6" cols="60"></textarea><button>Publish</button></form>'
SCRIPT = """
window.editor = attach(document.querySelector("textarea"), { delay: 100, timeout: TIMEOUT });
window.door = gate(document.querySelector("form"), editor, { timeout: 700 });
window.sent = [];
window.why = [];
door.addEventListener("unchecked", (event) => window.why.push(event.detail));
document.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  window.sent.push(new FormData(event.target).get("post"));
});
"""


def opened(open_page: OpenPage, address: str, timeout: int = 10_000) -> Page:
    page = open_page(BODY, SCRIPT.replace("TIMEOUT", str(timeout)), address=address)
    page.locator("textarea").click()
    return page


def published(page: Page) -> list[str]:
    page.get_by_role("button", name="Publish", exact=True).click()
    until(page, "window.sent.length === 1")
    return page.evaluate("window.sent")


def test_a_slow_server_never_holds_a_post_back(open_page: OpenPage, stub) -> None:  # noqa: ANN001
    stub.seconds = 5.0
    page = opened(open_page, stub.address, timeout=4000)
    page.keyboard.type(ADVICE)
    started = time.monotonic()
    assert published(page) == [ADVICE]
    assert time.monotonic() - started < 4
    assert page.evaluate("window.why") == ["the server is too slow"]
    expect(page.locator(".gate-note")).to_have_text("Published without a check: the server is too slow.")


def test_a_dead_server_is_said_and_nothing_is_held(open_page: OpenPage, stub, faults) -> None:  # noqa: ANN001
    faults.expected.append("ERR_CONNECTION_REFUSED")
    page = opened(open_page, stub.address)
    page.keyboard.type("Nice day.")
    stub.shutdown()
    stub.server_close()
    page.keyboard.type(f" {ADVICE}")
    expect(pill(page)).to_have_text("Not checked: the server cannot be reached")
    assert published(page) == [f"Nice day. {ADVICE}"]
    assert page.evaluate("window.why") == ["the server cannot be reached"]


@pytest.mark.parametrize(
    ("status", "answer", "words"),
    [
        (500, b"oops", "the server said 500"),
        (429, b"{}", "too many checks in a short time"),
        (413, b"{}", "the text is too long for the server"),
        (401, b"{}", "the server asks for a key"),
        (200, b"<html>", "the answer cannot be read"),
        (200, b"{}", "the answer cannot be read"),
        (200, b'{"results": [{"verdict": {"verdict": "allow", "because": "no answer: too_slow", "findings": []}, "post": null}]}',
         "no answer: too_slow"),
    ],
)  # fmt: skip
def test_every_other_failure_fails_open(open_page: OpenPage, stub, faults, status, answer, words) -> None:  # noqa: ANN001
    faults.expected.append("Failed to load resource")
    stub.status, stub.answer = status, answer
    page = opened(open_page, stub.address)
    page.keyboard.type(ADVICE)
    expect(pill(page)).to_have_text(f"Not checked: {words}")
    assert published(page) == [ADVICE]


def test_a_server_that_comes_back_is_noticed(open_page: OpenPage, stub, faults) -> None:  # noqa: ANN001
    faults.expected.append("Failed to load resource")
    stub.status = 503
    page = opened(open_page, stub.address)
    page.keyboard.type(ADVICE)
    expect(pill(page)).to_have_text("Not checked: the server is busy")
    stub.status = 200
    stub.answer = b'{"results": [{"verdict": {"verdict": "allow", "because": "", "findings": []}, "post": {"abstained": false, "findings": []}}]}'
    expect(pill(page)).to_have_text("No findings", timeout=60_000)


def test_only_the_newest_text_is_waited_for(open_page: OpenPage, stub) -> None:  # noqa: ANN001
    """Requests for texts that are no longer there are cancelled; what they would have said is never shown."""
    stub.seconds = 3.0
    page = opened(open_page, stub.address, timeout=30_000)
    cancelled: list[str] = []
    page.on("requestfailed", lambda request: cancelled.append(request.failure or ""))
    for word in ("One ", "two ", "three "):
        asked = stub.asked
        page.keyboard.insert_text(word)
        page.wait_for_timeout(250)
        while stub.asked == asked:  # a busy machine takes longer
            page.wait_for_timeout(50)
    until(page, "editor.asking === null && editor.failures === 1")
    assert len(cancelled) >= 2
    assert set(cancelled) == {"net::ERR_ABORTED"}
    assert stub.asked == len(cancelled) + 1
