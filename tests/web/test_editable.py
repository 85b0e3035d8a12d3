"""A contenteditable element: read as the HTML that a site would save, never changed by underlines."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from web_pages import ADVICE, ALTERED, OpenPage, checked, found, marked, panel

BODY = '<div id="post" contenteditable="true" role="textbox" aria-label="Post">{}</div>'
SCRIPT = 'window.editor = attach(document.querySelector("#post"), {{ policy: "{}", delay: 150 }});'
LETTERS = "<p>Hello <b>there</b>,</p>"


@pytest.fixture
def write(open_page: OpenPage) -> OpenPage:
    def opened(html: str, policy: str = "default") -> Page:
        return open_page(BODY.format(html), SCRIPT.format(policy))

    return opened


def test_what_is_read_is_the_elements_own_html(write: OpenPage) -> None:
    html = (
        "<p>A &amp; B &lt; C&nbsp;😀<br></p><ul><li>one</li><li><a href='x?a=1&amp;b=2' title='&lt;q&gt;'>two</a></li></ul>"
        "<!-- note --><pre>  x &gt; y\n</pre><svg viewBox='0 0 1 1'><title>t</title></svg>plain<img alt='&quot;'>"
    )
    page = write(html)
    assert page.evaluate("editor.editor.read().text") == page.evaluate("document.querySelector('#post').innerHTML")


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{ADVICE}</p>",
        "<p>One &amp; two &lt;three&gt; 😀.</p><p>You <b>should</b> buy TSLA&nbsp;now <i>before</i> it is too late.</p>",
        "Loose words.<div>You should buy TSLA now before it is too late.</div>",
        "<ul><li>Nice day.</li><li>👨‍👩‍👧‍👦 You should buy TSLA now before it is too late.</li></ul>",
    ],
)
def test_findings_in_html_are_underlined_in_the_words(write: OpenPage, html: str) -> None:
    page = write(html)
    checked(page, "2 findings")
    [[_, words]] = marked(page)
    assert words.replace("\xa0", " ").endswith("buy TSLA now before it is too late.")
    source = page.evaluate("document.querySelector('#post').innerHTML")
    for each in found(page):
        encoded = source.encode("utf-16-le")[2 * each["start"] : 2 * each["end"]]
        assert encoded.decode("utf-16-le") == each["text"]


def test_quotations_and_code_are_not_the_authors_claims(write: OpenPage) -> None:
    page = write(f"<blockquote><p>{ADVICE}</p></blockquote><pre><code>{ADVICE}</code></pre><p>I disagree.</p>")
    checked(page, "No findings")


def test_checking_never_changes_the_document(write: OpenPage) -> None:
    page = write(LETTERS)
    checked(page, "No findings")
    page.evaluate("""() => {
      window.mutations = [];
      new MutationObserver((records) => window.mutations.push(...records.map((each) => each.type)))
        .observe(document.querySelector("#post"), { childList: true, characterData: true, attributes: true, subtree: true });
      document.querySelector("#post b").firstChild.data = "there. You should buy TSLA now before it is too late";
    }""")
    checked(page, "2 findings")
    page.evaluate("document.querySelector('#post').focus()")
    page.keyboard.press("F8")
    expect(panel(page)).to_be_visible()
    page.keyboard.press("Escape")
    assert page.evaluate("window.mutations") == ["characterData"]


def test_restoring_a_disclaimer_keeps_markup_and_can_be_undone(write: OpenPage) -> None:
    page = write(f"<p>Morning.</p><p>{ALTERED.replace('low-risk', '<b>low-risk</b>')}</p>")
    checked(page, "1 finding")
    before = page.evaluate("document.querySelector('#post').innerHTML")
    page.evaluate("document.querySelector('#post').focus()")
    page.keyboard.press("F8")
    panel(page).get_by_role("button", name="Restore").click()
    checked(page, "No findings")
    after = page.evaluate("document.querySelector('#post').innerHTML")
    assert after == before.replace("low-risk", "high-risk")
    page.keyboard.press("Control+z")
    checked(page, "1 finding")
    assert page.evaluate("document.querySelector('#post').innerHTML") == before


def test_the_standard_disclaimer_becomes_a_paragraph_of_its_own(write: OpenPage) -> None:
    page = write("<p>Nice day on the market.</p>", "every_post")
    checked(page, "1 finding")
    page.locator(".pill").click()
    panel(page).get_by_role("button", name="Insert the standard disclaimer").click()
    checked(page, "No findings")
    paragraphs = page.locator("#post > p").all_inner_texts()
    assert paragraphs[0] == "Nice day on the market."
    assert paragraphs[1].startswith("Disclaimer: Investing carries risk.")
    page.keyboard.press("Control+z")
    expect(page.locator("#post")).to_have_text("Nice day on the market.")


def test_a_passage_can_be_marked_as_a_quotation(write: OpenPage) -> None:
    page = write(f"<p>My broker said:</p><p>{ADVICE}</p>")
    checked(page, "2 findings")
    page.evaluate("document.querySelector('#post').focus()")
    page.keyboard.press("F8")
    panel(page).get_by_role("button", name="Mark as a quotation").click()
    checked(page, "No findings")
    assert page.locator("#post blockquote").inner_text().strip() == ADVICE


def test_right_to_left_paragraphs(write: OpenPage) -> None:
    page = write(f'<p dir="rtl">صباح الخير</p><p dir="rtl">שלום, {ADVICE}</p>')
    checked(page, "2 findings")
    assert marked(page)[0][1].endswith("before it is too late.")


def test_browsers_without_highlights_get_boxes(open_page: OpenPage, page: Page) -> None:
    page.add_init_script("delete window.Highlight;")
    page = open_page(BODY.format(f"<p>{ADVICE}</p>"), SCRIPT.format("default"))
    checked(page, "2 findings")
    expect(page.locator(".box.warning")).to_be_visible()  # drawn a frame after the pill has said so
    box = page.locator(".box.warning").bounding_box()
    words = page.locator("#post p").bounding_box()
    assert box
    assert words
    assert abs(box["x"] - words["x"]) <= 1
    assert words["y"] <= box["y"] <= words["y"] + words["height"]
