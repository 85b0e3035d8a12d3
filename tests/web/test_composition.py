"""Input methods: while words are being composed nothing is checked and nothing is touched."""

from __future__ import annotations

import pytest
from playwright.sync_api import CDPSession, Page, expect
from web_pages import ADVICE, OpenPage, checked, marked, until

EDITORS = {
    "textarea": ('<label>Post <textarea rows="6" cols="60"></textarea></label>', "textarea", "(e) => e.value"),
    "contenteditable": (
        '<div id="post" contenteditable="true" role="textbox" aria-label="Post"><p><br></p></div>',
        "#post",
        "(e) => e.innerText.trim()",
    ),
}
SCRIPT = """
window.asked = 0;
const counting = (...question) => { window.asked += 1; return fetch(...question); };
window.editor = attach(document.querySelector("SELECTOR"), { policy: "default", delay: 50, fetch: counting });
"""
STEPS = ["あ", "あし", "あした", "明日"]


def compose(session: CDPSession, text: str) -> None:
    session.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})


@pytest.mark.parametrize("name", EDITORS)
def test_composing_is_left_alone_and_checked_afterwards(open_page: OpenPage, name: str) -> None:
    body, selector, text_of = EDITORS[name]
    page = open_page(body, SCRIPT.replace("SELECTOR", selector))
    page.locator(selector).click()
    page.keyboard.type(f"{ADVICE} ")
    checked(page, "2 findings")
    asked = page.evaluate("window.asked")
    session = page.context.new_cdp_session(page)
    watch(page)
    for step in STEPS:
        compose(session, step)
        page.wait_for_timeout(200)
        assert page.evaluate("window.asked") == asked
        assert page.evaluate("window.touched") == []
    session.send("Input.insertText", {"text": STEPS[-1]})
    until(page, f"window.asked > {asked}")
    assert page.locator(selector).evaluate(text_of) == f"{ADVICE} {STEPS[-1]}"
    checked(page, "2 findings")
    assert [words for _, words in marked(page)] == [ADVICE]


@pytest.mark.parametrize("name", EDITORS)
def test_a_composition_that_is_given_up_leaves_the_text_as_it_was(open_page: OpenPage, name: str) -> None:
    body, selector, text_of = EDITORS[name]
    page = open_page(body, SCRIPT.replace("SELECTOR", selector))
    page.locator(selector).click()
    page.keyboard.type(ADVICE)
    checked(page, "2 findings")
    session = page.context.new_cdp_session(page)
    compose(session, "か")
    compose(session, "")
    page.wait_for_timeout(300)
    expect(page.locator(selector)).to_be_focused()
    assert page.locator(selector).evaluate(text_of) == ADVICE
    assert [words for _, words in marked(page)] == [ADVICE]


def watch(page: Page) -> None:
    """Notes every change of ours: of the mirror, the pill or the panel."""
    page.evaluate("""() => {
      window.touched = [];
      const note = (records) => window.touched.push(...records.map((each) => each.target.nodeName));
      new MutationObserver(note).observe(editor.surface.root, { childList: true, characterData: true, subtree: true, attributes: true });
    }""")
