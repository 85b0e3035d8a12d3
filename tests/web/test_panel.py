"""The panel beside a finding: by keyboard alone, for screen readers, in words."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from web_pages import ADVICE, ALTERED, PROMISE, OpenPage, checked, panel, pill

BODY = '<form><label for="post">Post</label><textarea id="post" rows="8" cols="60"></textarea><button>Publish</button></form>'
SCRIPT = 'window.editor = attach(document.querySelector("textarea"), { policy: "default", delay: 150 });'
FOCUSED = "() => { let at = document.activeElement; while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement; return at.textContent || at.tagName; }"


@pytest.fixture
def area(open_page: OpenPage) -> Page:
    page = open_page(BODY, SCRIPT)
    page.locator("textarea").click()
    page.keyboard.type(f"{ADVICE} Lovely weather today in London. {PROMISE}")
    checked(page, "3 findings")
    return page


def test_the_keyboard_alone_reaches_every_finding_and_comes_back(area: Page) -> None:
    area.keyboard.press("Control+Home")
    area.keyboard.press("F8")
    expect(panel(area)).to_be_focused()
    expect(panel(area)).to_contain_text("1 of 3")
    area.keyboard.press("F8")
    expect(panel(area)).to_contain_text("2 of 3")
    area.keyboard.press("Shift+F8")
    expect(panel(area)).to_contain_text("1 of 3")
    area.keyboard.press("Escape")
    expect(panel(area)).to_be_hidden()
    expect(area.locator("textarea")).to_be_focused()
    area.keyboard.type("Hm. ")
    assert area.locator("textarea").input_value().startswith("Hm. You should")


def test_alt_enter_opens_the_finding_at_the_caret(area: Page) -> None:
    area.keyboard.press("Control+End")
    area.keyboard.press("ArrowLeft")
    area.keyboard.press("Alt+Enter")
    expect(panel(area)).to_contain_text("2 of 3")
    expect(panel(area).get_by_role("heading")).to_have_text("Invitation to follow trades")


def test_tab_goes_round_inside_and_enter_applies_a_fix(area: Page) -> None:
    area.keyboard.press("Control+Home")
    area.keyboard.press("F8")
    expect(panel(area).get_by_role("button", name="Say instead").first).to_be_visible()
    said = []
    for _ in range(12):
        area.keyboard.press("Tab")
        said.append(area.evaluate(FOCUSED))
    assert "Close" in said
    assert "TEXTAREA" not in said
    while not area.evaluate(FOCUSED).startswith("Say instead"):
        area.keyboard.press("Tab")
    area.keyboard.press("Enter")
    checked(area, "2 findings")
    expect(area.locator("textarea")).to_be_focused()


def test_the_mouse_opens_it_and_leaves_the_keyboard_in_the_text(area: Page) -> None:
    area.locator("textarea").click(position={"x": 40, "y": 10})
    expect(panel(area)).to_be_visible()
    expect(area.locator("textarea")).to_be_focused()
    area.keyboard.type("x")
    expect(panel(area)).to_be_hidden()


def test_what_a_screen_reader_is_told(area: Page) -> None:
    """Roles, names and descriptions, as the accessibility tree has them."""
    assert area.locator("textarea").evaluate("(area) => area.ariaDescription").startswith("Checked while you type.")
    expect(area.get_by_role("status")).to_have_text("3 findings")
    expect(area.get_by_role("button", name="3 findings")).to_be_enabled()
    area.keyboard.press("Control+Home")
    area.keyboard.press("F8")
    expect(panel(area).get_by_role("button", name="Say instead").first).to_be_visible()
    expect(panel(area)).to_match_aria_snapshot(
        """
        - dialog "Advice to act":
          - text: Warning
          - heading "Advice to act" [level=2]
          - text: /\\d+% sure/
          - blockquote: You should buy TSLA now before it is too late.
          - paragraph: This passage tells or advises readers to buy, sell, short, hold or avoid.
          - text: Weighed most
          - list "Weighed most":
            - listitem: buy
          - group: Why this rule
          - group "Fixes":
            - button /Say instead/
          - text: 1 of 3
          - button "Previous finding"
          - button "Next finding"
          - button "Close"
        """
    )


def test_a_changed_disclaimer_is_shown_word_by_word(area: Page) -> None:
    area.locator("textarea").fill(ALTERED)
    checked(area, "1 finding")
    pill(area).click()
    changes = panel(area).get_by_role("group", name="Changes to the registered wording")
    expect(changes.get_by_role("deletion")).to_have_text("removed: high")
    expect(changes.get_by_role("insertion")).to_have_text("added: low")


@pytest.mark.parametrize(("width", "height"), [(900, 800), (320, 480)])
def test_the_panel_stays_within_the_window(area: Page, width: int, height: int) -> None:
    area.set_viewport_size({"width": width, "height": height})
    area.keyboard.press("Control+Home")
    for _ in range(3):
        area.keyboard.press("F8")
        area.wait_for_timeout(300)
        box = panel(area).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height


def test_the_panel_leaves_the_words_and_its_own_buttons_in_sight(area: Page) -> None:
    """However many fixes there are: the panel scrolls inside, beside the passage that it speaks of."""
    area.set_viewport_size({"width": 900, "height": 480})
    area.keyboard.press("Control+Home")
    area.keyboard.press("F8")
    expect(panel(area).get_by_role("group", name="Fixes").get_by_role("button").first).to_be_visible()
    words = area.evaluate("editor.editor.range(editor.marks[0]).getBoundingClientRect().toJSON()")
    box, close = panel(area).bounding_box(), panel(area).get_by_role("button", name="Close").bounding_box()
    assert box
    assert close
    assert box["y"] >= words["bottom"] or box["y"] + box["height"] <= words["top"]
    assert close["y"] + close["height"] <= box["y"] + box["height"]


def test_words_of_a_post_never_become_markup(area: Page) -> None:
    area.locator("textarea").fill("<img src=x onerror=alert(1)> You should buy <b>TSLA</b> now before it is too late.")
    checked(area, "2 findings")
    pill(area).click()
    expect(panel(area).locator("blockquote")).to_contain_text("<b>TSLA</b>")
    expect(panel(area).locator("img")).to_have_count(0)
