"""The page at `/compose`, as it is served."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from web_pages import ADVICE, PROMISE


@pytest.fixture
def compose(page: Page, service_address: str) -> Page:
    page.goto(f"{service_address}/compose")
    return page


def test_both_editors_are_checked_and_gated(compose: Page) -> None:
    compose.locator("#policy").select_option(label=compose.locator("#policy option").last.inner_text())
    for form in ("#plain", "#rich"):
        editor = compose.locator(f"{form} [name=text], {form} [contenteditable]")
        editor.click()
        compose.keyboard.type(f"Morning. {ADVICE}")
        expect(compose.locator(f"{form} .pill")).to_have_text("2 findings")
        compose.locator(f"{form} > .foot button").click()
        asked = compose.get_by_role("alertdialog")
        expect(asked).to_contain_text("Publish this as it is?")
        asked.get_by_role("button", name="Publish anyway").click()
        expect(compose.locator(f"{form} output")).to_have_text("Published (nudge).")


def test_policies_are_called_by_their_own_names(compose: Page) -> None:
    """Never by the path of a file on the server's machine."""
    assert compose.locator("#policy option").all_inner_texts() == ["every_post", "default", "held"]


def test_the_policy_can_be_switched(compose: Page) -> None:
    compose.locator("#text").fill(f"Nice day. {PROMISE}")
    pill = compose.locator("#plain .pill")
    expect(pill).to_have_text("2 findings")
    compose.locator("#policy").select_option(label=compose.locator("#policy option").last.inner_text())
    expect(compose.locator("#policy-description")).to_contain_text("held back")
    expect(compose.locator("#plain > .foot button")).to_have_attribute("aria-disabled", "true")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(compose: Page, scheme: str) -> None:
    """Contrast of the panel's texts, by the formula of WCAG 2.2 (1.4.3): 4.5 at least."""
    compose.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two words it takes
    compose.locator("#text").fill(ADVICE)
    expect(compose.locator("#plain .pill")).to_have_text("2 findings")
    compose.locator("#plain .pill").click()
    low = compose.evaluate("""() => {
      const panel = document.querySelector("#text").nextElementSibling.shadowRoot.querySelector(".panel");
      const channel = (value) => (value /= 255) <= .04045 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4;
      const light = (colour) => { const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map(channel); return .2126 * r + .7152 * g + .0722 * b; };
      const ground = (element) => { for (let at = element; at; at = at.parentElement) { const c = getComputedStyle(at).backgroundColor; if (!/, 0\\)/.test(c)) return c; } };
      return [...panel.querySelectorAll("*")].filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
        .map((each) => { const pair = [light(getComputedStyle(each).color), light(ground(each))].sort((a, b) => b - a); return [each.className || each.localName, (pair[0] + .05) / (pair[1] + .05)]; })
        .filter(([, ratio]) => ratio < 4.5);
    }""")
    assert low == []
