"""A textarea: typing, underlines, fixes and their undoing, text of every kind."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from web_pages import ADVICE, ALTERED, PROMISE, OpenPage, checked, found, marked, panel, pill

BODY = '<form><label>Post <textarea name="post" rows="8" cols="60"></textarea></label><button>Publish</button></form>'
SCRIPT = 'window.editor = attach(document.querySelector("textarea"), { policy: "default", delay: 150 });'


@pytest.fixture
def area(open_page: OpenPage) -> Page:
    page = open_page(BODY, SCRIPT)
    page.locator("textarea").click()
    return page


def test_what_is_typed_is_underlined_where_it_stands(area: Page) -> None:
    area.keyboard.type(f"Morning all. {ADVICE} {PROMISE}\nNice day.")
    checked(area, "3 findings")
    assert marked(area) == [["error", PROMISE], ["warning", ADVICE]]


def test_underlines_go_when_the_words_go(area: Page) -> None:
    area.keyboard.type(ADVICE)
    checked(area, "2 findings")
    area.keyboard.press("Control+a")
    area.keyboard.press("Delete")
    expect(pill(area)).to_be_hidden()
    assert marked(area) == []


def test_underlines_move_with_typing_before_the_next_check(area: Page) -> None:
    area.keyboard.type(f"One. {ADVICE}")
    checked(area, "2 findings")
    area.evaluate("window.editor.delay = 60000")
    area.keyboard.press("Home")
    area.keyboard.type("Well, 😀 ")
    assert [words for _, words in marked(area)] == [ADVICE]


def test_underlines_lie_over_the_words(area: Page) -> None:
    """The mirror wraps as the textarea does: the underlined words begin and end on the lines that they stand on."""
    area.keyboard.type(
        "A line.\nAnother line that is long enough to be wrapped by the box, is it not, my dear friends? " + ADVICE
    )
    checked(area, "2 findings")
    places = area.evaluate("""() => {
      const area = document.querySelector("textarea");
      const rects = [...editor.editor.range(editor.marks[0]).getClientRects()];
      const box = area.getBoundingClientRect();
      const line = parseFloat(getComputedStyle(area).lineHeight) || 1.2 * parseFloat(getComputedStyle(area).fontSize);
      const mirror = editor.editor.mirror.getBoundingClientRect();
      return {
        inside: rects.every((rect) => rect.top >= box.top && rect.bottom <= box.bottom && rect.right <= box.right),
        over: [mirror.left - box.left - area.clientLeft, mirror.top - box.top - area.clientTop],
        height: [editor.editor.sheet.scrollHeight, area.scrollHeight],
      };
    }""")
    assert places["inside"]
    assert places["over"] == [0, 0]
    assert abs(places["height"][0] - places["height"][1]) <= 1


@pytest.mark.parametrize("text", ["😀 👨‍👩‍👧‍👦 🇬🇧 ", "𝒜𝓁𝓁 ", "naïve café ", "\U0001f4c8" * 40 + " "])
def test_offsets_count_what_the_browser_counts(area: Page, text: str) -> None:
    area.locator("textarea").fill(f"{text}{ADVICE}")
    checked(area, "2 findings")
    assert marked(area)[0][1].endswith("buy TSLA now before it is too late.")
    for each in found(area):
        held = area.evaluate(
            "([start, end]) => document.querySelector('textarea').value.slice(start, end)", [each["start"], each["end"]]
        )
        assert held == each["text"]


def test_right_to_left_text_keeps_its_place(open_page: OpenPage) -> None:
    page = open_page(BODY.replace("<textarea", '<textarea dir="auto"'), SCRIPT)
    page.locator("textarea").fill(f"صباح الخير يا جماعة\n{ADVICE}\nשלום")
    checked(page, "2 findings")
    assert [words for _, words in marked(page)] == [ADVICE]
    direction = page.evaluate(
        "[getComputedStyle(editor.editor.sheet).direction, getComputedStyle(document.querySelector('textarea')).direction]"
    )
    assert direction[0] == direction[1] == "rtl"


def test_a_fix_is_one_undo_step(area: Page) -> None:
    area.keyboard.type(f"Morning. {ALTERED}")
    checked(area, "1 finding")
    before = area.locator("textarea").input_value()
    area.keyboard.press("F8")
    panel(area).get_by_role("button", name="Restore").click()
    expect(area.locator("textarea")).to_have_value(before.replace("low-risk", "high-risk"))
    checked(area, "No findings")
    expect(area.locator("textarea")).to_be_focused()
    area.keyboard.press("Control+z")
    expect(area.locator("textarea")).to_have_value(before)
    checked(area, "1 finding")
    area.keyboard.press("Control+Shift+z")
    expect(area.locator("textarea")).to_have_value(before.replace("low-risk", "high-risk"))


def test_rewordings_are_offered_and_settle_the_finding(area: Page) -> None:
    area.keyboard.type(f"Hello there. {ADVICE}")
    checked(area, "2 findings")
    area.keyboard.press("F8")
    panel(area).get_by_role("button", name="Say instead").first.click()
    checked(area, "No findings")
    assert "TSLA" in area.locator("textarea").input_value()


def test_a_readonly_post_is_checked_but_not_changed(open_page: OpenPage) -> None:
    page = open_page(
        BODY.replace("<textarea", "<textarea readonly"),
        f'document.querySelector("textarea").value = `{ALTERED}`;\n{SCRIPT}',
    )
    checked(page, "1 finding")
    pill(page).click()
    expect(panel(page)).to_contain_text("words were changed")
    expect(panel(page).get_by_role("group", name="Fixes").get_by_role("button")).to_have_count(0)


def test_the_value_set_by_a_script_is_what_counts(area: Page) -> None:
    area.keyboard.type(ADVICE)
    checked(area, "2 findings")
    area.evaluate("document.querySelector('textarea').value = 'Nice day.'")
    assert area.evaluate("editor.check().then((answer) => answer.findings.length)") == 0
    assert marked(area) == []


def test_detaching_leaves_no_trace(area: Page) -> None:
    html = area.evaluate("document.querySelector('form').outerHTML")
    area.keyboard.type(ADVICE)
    checked(area, "2 findings")
    area.evaluate("editor.detach()")
    left = area.evaluate("document.querySelector('form').outerHTML")
    assert "span" in html
    assert "aria" not in left
    assert "span" not in left
    assert marked(area) == []
    assert area.locator("textarea").input_value() == ADVICE
