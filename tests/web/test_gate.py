"""The gate before publishing: it asks, it holds, it lets through what nobody could check, and it loses nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from web_pages import ADVICE, PROMISE, OpenPage, checked, panel, until

BODY = """<form method="post" action="/publish"><label for="post">Post</label>
<textarea id="post" name="post" rows="6" cols="60"></textarea><button name="how" value="now">Publish</button></form>"""
SCRIPT = """
window.editor = attach(document.querySelector("textarea"), { policy: POLICY, delay: 150, timeout: 4000 });
window.door = gate(document.querySelector("form"), editor, { timeout: 1500 });
window.sent = [];
document.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  window.sent.push([event.submitter?.value ?? null, new FormData(event.target, event.submitter).get("post")]);
});
"""
DISCLAIMER_MISSING = "Nice day on the market."


@pytest.fixture
def form(open_page: OpenPage, root: Path) -> Page:
    policy = root / "tests/web/platform/policy.toml"
    page = open_page(BODY, SCRIPT.replace("POLICY", f'"{policy}"'))
    page.locator("textarea").click()
    return page


def dialog(page: Page):  # noqa: ANN201
    return page.get_by_role("alertdialog")


def sent(page: Page) -> list[list[str]]:
    return page.evaluate("window.sent")


def publish(page: Page) -> None:
    page.get_by_role("button", name="Publish", exact=True).click(force=True)


def test_nothing_found_is_published_at_once(open_page: OpenPage) -> None:
    page = open_page(BODY, SCRIPT.replace("POLICY", '"default"'))
    page.locator("textarea").fill(DISCLAIMER_MISSING)
    publish(page)
    until(page, "window.sent.length === 1")
    assert sent(page) == [["now", DISCLAIMER_MISSING]]
    expect(dialog(page)).to_be_hidden()


def test_what_was_checked_already_is_published_as_well(open_page: OpenPage) -> None:
    """A form ignores a second submission while it tells of the first; the answer must not come too early."""
    page = open_page(BODY, SCRIPT.replace("POLICY", '"default"'))
    page.locator("textarea").fill(DISCLAIMER_MISSING)
    checked(page, "No findings")
    publish(page)
    until(page, "window.sent.length === 1")
    assert sent(page) == [["now", DISCLAIMER_MISSING]]


def test_a_nudge_asks_and_the_author_may_publish_anyway(form: Page) -> None:
    form.keyboard.type(ADVICE)
    publish(form)
    expect(dialog(form)).to_be_visible()
    expect(dialog(form)).to_contain_text("Advice to act")
    expect(dialog(form).get_by_role("button", name="Go back and edit")).to_be_focused()
    assert sent(form) == []
    dialog(form).get_by_role("button", name="Publish anyway").click()
    until(form, "window.sent.length === 1")
    assert sent(form) == [["now", ADVICE]]


def test_going_back_keeps_every_word_and_the_focus(form: Page) -> None:
    form.keyboard.type(ADVICE)
    checked(form, "2 findings")
    form.get_by_role("button", name="Publish", exact=True).focus()
    form.keyboard.press("Enter")
    expect(dialog(form)).to_be_visible()
    form.keyboard.press("Escape")
    expect(dialog(form)).to_be_hidden()
    expect(form.get_by_role("button", name="Publish", exact=True)).to_be_focused()
    assert sent(form) == []
    expect(form.locator("textarea")).to_have_value(ADVICE)


def test_a_block_holds_the_button_with_reasons(form: Page) -> None:
    form.keyboard.type(PROMISE)
    button = form.get_by_role("button", name="Publish", exact=True)
    expect(button).to_be_disabled()
    assert button.get_attribute("aria-disabled") == "true"
    publish(form)
    expect(dialog(form)).to_contain_text("This cannot be published yet")
    expect(dialog(form)).to_contain_text("Invitation to follow trades")
    expect(dialog(form).get_by_role("button", name="Publish anyway")).to_have_count(0)
    dialog(form).get_by_role("button", name="Go back and edit").click()
    assert sent(form) == []
    form.locator("textarea").fill(DISCLAIMER_MISSING)
    expect(button).to_be_enabled()


def test_what_is_held_is_released_by_a_fix(form: Page) -> None:
    form.keyboard.type(f"Nice day. {PROMISE}")
    checked(form, "2 findings")
    form.keyboard.press("F8")
    panel(form).get_by_role("button", name="Remove").first.click()
    checked(form, "1 finding")
    expect(form.get_by_role("button", name="Publish", exact=True)).to_be_enabled()


def test_a_text_changed_a_moment_ago_is_the_one_that_is_checked(form: Page) -> None:
    form.locator("textarea").fill(DISCLAIMER_MISSING)
    checked(form, "1 finding")
    form.evaluate("(words) => { document.querySelector('textarea').value = words; }", PROMISE)
    publish(form)
    expect(dialog(form)).to_contain_text("This cannot be published yet")
    assert sent(form) == []


def test_a_button_without_a_form_can_be_gated(open_page: OpenPage, root: Path) -> None:
    policy = root / "tests/web/platform/policy.toml"
    page = open_page(
        '<div id="post" contenteditable="true" role="textbox" aria-label="Post"></div><button>Publish</button>',
        f"""window.editor = attach(document.querySelector("#post"), {{ policy: "{policy}", delay: 150 }});
        gate(document.querySelector("button"), editor);
        window.sent = 0;
        document.querySelector("button").addEventListener("click", () => (window.sent += 1));""",
    )
    page.locator("#post").click()
    page.keyboard.type(ADVICE)
    publish(page)
    expect(dialog(page)).to_be_visible()
    assert page.evaluate("window.sent") == 0
    dialog(page).get_by_role("button", name="Publish anyway").click()
    until(page, "window.sent === 1")
