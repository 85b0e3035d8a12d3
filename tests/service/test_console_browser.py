"""The review console in a real browser: by keyboard alone, on a narrow screen, to a screen reader."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import axe_playwright_python
import pytest
from console_site import PASSWORD, Site, console
from playwright.sync_api import Browser, Page, expect, sync_playwright

from detector.service.checker import Checker
from detector.service.store import log

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def browser(program: Callable[[str], str]) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program("chromium"), args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def site(checker: Checker, tmp_path: Path) -> Iterator[Site]:
    with console(checker, tmp_path) as opened:
        yield opened


@dataclass
class Visit:
    """A browser's page, and whatever it complained about: script errors, refused content, failed loads."""

    page: Page
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Visit]]:
    opened: list[Visit] = []

    def open_(**options: object) -> Visit:
        made = Visit(browser.new_context(base_url=site.url, **options).new_page())
        made.page.on("console", lambda message: made.complaints.append(message.text))
        made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
        opened.append(made)
        return made

    yield open_
    for each in opened:
        each.page.context.close()
    assert [each.complaints for each in opened] == [[] for _ in opened]


def sign_in(page: Page, name: str = "mo") -> None:
    """By keyboard: the name has the focus."""
    page.goto("/review")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#posts")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def decisions(site: Site) -> list[tuple[str, str, str]]:
    entries = [entry for entry in log.entries(site.store.database) if entry.action != "account"]
    return [(entry.action, entry.post_id, entry.reason) for entry in entries]


def post_shown(page: Page) -> str:
    return page.title().split()[1]


def test_a_queue_is_worked_off_by_keyboard_alone(site: Site, visit: Callable[..., Visit]) -> None:
    page = visit().page
    sign_in(page)
    press(page, "j", "Enter")
    page.wait_for_selector("#decide")
    expected = []
    for key, action, reason in (("a", "approve", "harmless"), ("r", "reject", "plain advice")):
        shown = post_shown(page)
        press(page, key)
        expect(page.locator("#reason")).to_be_focused()
        page.keyboard.type(reason)
        with page.expect_navigation():
            press(page, "Enter")
        expect(page.locator("#status")).to_contain_text(f"Post {shown}")
        expected.append((action, shown, reason))
    shown = post_shown(page)
    press(page, "w")
    expect(page.locator("#kind-1")).to_be_focused()
    page.keyboard.type("price opinion")
    press(page, "Tab", "Tab")
    while page.evaluate("document.activeElement.id") != "reason":
        press(page, "Tab")
    page.keyboard.type("an opinion")
    with page.expect_navigation():
        press(page, "Enter")
    expected.append(("wrong_kind", shown, "an opinion"))
    shown = post_shown(page)
    press(page, "r")
    page.keyboard.type("no longer the registered words")
    with page.expect_navigation():
        press(page, "Enter")
    expected.append(("reject", shown, "no longer the registered words"))
    expect(page.locator(".empty")).to_contain_text("Nothing is waiting")
    assert decisions(site) == expected
    assert site.open_posts() == {}
    assert log.prove(site.store.database).broken is None


def post_page(site: Site, visit: Callable[..., Visit], post: str) -> Page:
    """A moderator's view of one post."""
    row = site.open_posts()[post]
    page = visit().page
    sign_in(page)
    page.goto(f"/review/posts/{row}")
    return page


def test_a_span_is_corrected_by_keyboard_and_by_mouse(site: Site, visit: Callable[..., Visit]) -> None:
    page = post_page(site, visit, "p1")
    press(page, "s")
    expect(page.locator("#start-1")).to_be_focused()
    before = page.locator(".preview").first.text_content() or ""
    assert before
    page.get_by_role("button", name="start one word later").first.focus()
    press(page, "Enter")
    after = page.locator(".preview").first.text_content() or ""
    assert after == before.split(maxsplit=1)[1]
    page.locator("#reason").focus()
    page.keyboard.type("starts later")
    with page.expect_navigation():
        press(page, "Enter")
    (label,) = site.store.labels()
    assert label.text is not None
    assert after in [label.text[each.start : each.end] for each in label.passages]  # behind an emoji: code points

    page.goto(f"/review/posts/{site.open_posts()['p2']}")
    page.get_by_role("radio", name=re.compile("Wrong span")).check()
    page.evaluate("""() => {
        const text = document.querySelector("#post-body .t").firstChild;
        getSelection().setBaseAndExtent(text, 0, text, 14);
    }""")
    page.get_by_role("button", name="Use what is selected").first.click()
    expect(page.locator(".preview").first).to_have_text("Sell your TSLA")


def test_a_missed_passage_is_marked_by_keyboard_and_by_selection(site: Site, visit: Callable[..., Visit]) -> None:
    page = post_page(site, visit, "p1")
    press(page, "m")
    expect(page.locator("#missed-1")).to_be_focused()
    expect(page.get_by_role("radio", name=re.compile("Reject"))).to_be_checked()
    page.keyboard.type("Morning.")
    press(page, "Tab", "Tab")
    expect(page.locator("#missed-kind-1")).to_be_focused()
    page.keyboard.type("implicit")
    while page.evaluate("document.activeElement.id") != "reason":
        press(page, "Tab")
    page.keyboard.type("said before")
    with page.expect_navigation():
        press(page, "Enter")
    (label,) = site.store.labels()
    assert label.text is not None
    marked = [(label.text[each.start : each.end], each.kind) for each in label.passages]
    assert ("Morning.", "implicit") in marked  # behind an emoji: code points

    page.goto(f"/review/posts/{site.open_posts()['p2']}")
    press(page, "m")
    page.evaluate("""() => {
        const parts = document.querySelectorAll("#post-body .t");
        const text = parts[parts.length - 1].firstChild;
        getSelection().setBaseAndExtent(text, 0, text, 4);
    }""")
    page.get_by_role("button", name="Use what is selected").locator("visible=true").click()
    expect(page.locator("#missed-1")).to_have_value(re.compile(r"\S"))
    expect(page.locator("#missed-kind-1")).to_be_focused()
    page.get_by_role("button", name="Another passage").click()
    expect(page.locator("#missed-2")).to_be_focused()


def test_undo_search_and_help_by_keyboard(site: Site, visit: Callable[..., Visit]) -> None:
    page = visit().page
    sign_in(page)
    press(page, "j", "Enter")
    page.wait_for_selector("#decide")
    shown, address = post_shown(page), page.url
    press(page, "r")
    page.keyboard.type("too quick")
    with page.expect_navigation():
        press(page, "Enter")
    page.goto(address)
    press(page, "u")
    page.keyboard.type("was the wrong one")
    with page.expect_navigation():
        press(page, "Enter")
    assert decisions(site) == [("reject", shown, "too quick"), ("undo", shown, "was the wrong one")]
    press(page, "/")
    page.keyboard.type("quay")
    with page.expect_navigation():
        press(page, "Enter")
    assert page.locator("#posts li").count() == 1
    press(page, "?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    dialog.get_by_role("checkbox").uncheck()
    press(page, "Escape")
    expect(dialog).to_be_hidden()
    press(page, "j")  # switched off: single keys do nothing
    assert page.evaluate("document.activeElement.className") != "open"


def test_j_and_k_walk_queue_and_posts(site: Site, visit: Callable[..., Visit]) -> None:
    page = visit().page
    sign_in(page)
    press(page, "j", "j", "k", "j", "Enter")
    page.wait_for_selector("#decide")
    order = list(site.open_posts())
    assert post_shown(page) == order[1]
    for key, place in (("j", 2), ("j", 3), ("k", 2)):
        with page.expect_navigation():
            press(page, key)
        assert post_shown(page) == order[place]
    with page.expect_navigation():
        press(page, "q")
    assert page.title().startswith("Queue")


def everywhere(site: Site) -> list[str]:
    posts = [f"/posts/{row}" for row in site.open_posts().values()]
    return ["", "?state=all&order=newest", *posts, "/statistics", "/evidence", "/users", "/posts/999"]


def test_nothing_scrolls_sideways_at_320_pixels(site: Site, visit: Callable[..., Visit]) -> None:
    made = visit(viewport=NARROW)
    page = made.page
    sign_in(page, "ann")
    for path in everywhere(site):
        page.goto(f"/review{path}")
        press(page, "m")  # on a post's page: the form for what was missed
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], path
    made.complaints[:] = [each for each in made.complaints if "404" not in each]


def test_the_forms_work_without_a_script(site: Site, visit: Callable[..., Visit]) -> None:
    page = visit(java_script_enabled=False).page
    sign_in(page)
    page.locator("#posts .open").first.click()
    shown = post_shown(page)
    page.get_by_role("radio", name=re.compile("Reject")).check()
    page.get_by_label("Reason").fill("by hand")
    page.get_by_role("button", name="Decide").click()
    assert decisions(site) == [("reject", shown, "by hand")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_known_barrier_on_any_page(site: Site, visit: Callable[..., Visit], scheme: str) -> None:
    """axe-core's rules for WCAG 2.2 A and AA, contrast included, in both colour schemes."""
    made = visit(color_scheme=scheme, bypass_csp=True)  # lets axe in; other tests keep the policy
    page = made.page
    page.goto("/review/sign-in")
    assert barriers(page) == []
    sign_in(page, "ann")
    for path in everywhere(site):
        page.goto(f"/review{path}")
        assert barriers(page) == [], path
    page.goto(f"/review/posts/{site.open_posts()['p1']}")
    for key in ("s", "w", "m", "?"):
        press(page, key)
        assert barriers(page) == [], key
        press(page, "Escape")
    made.complaints[:] = [each for each in made.complaints if "404" not in each]


def barriers(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert found["passes"]
    return [f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]]


def test_a_screen_reader_finds_its_way(site: Site, visit: Callable[..., Visit]) -> None:
    page = visit().page
    sign_in(page)
    tree = page.locator("body").aria_snapshot()
    for part in (
        "- banner",
        '- navigation "Console"',
        "- search",
        "- main",
        '- heading "Waiting for a decision" [level=1]',
    ):
        assert part in tree, tree
    page.goto(f"/review/posts/{site.open_posts()['p1']}")
    tree = page.locator("body").aria_snapshot()
    for part in (
        '- region "Text"', '- region "Findings"', '- region "Thread"', '- region "Decide"', '- region "History"',
        '- group "What you decide"', '- radio "Approve', '- textbox "Reason"', '- button "Decide"', "- article",
    ):  # fmt: skip
        assert part in tree, tree
    assert "start one word later" not in tree  # what is folded away is not read out
    unnamed = page.evaluate("""() => [...document.querySelectorAll("button, a, input:not([type=hidden]), select")]
        .filter(each => each.checkVisibility() && !each.closest("dialog"))
        .filter(each => !(each.labels?.length || each.textContent.trim() || each.ariaLabel))
        .map(each => each.outerHTML)""")
    assert unnamed == []


def test_the_focus_is_always_seen(site: Site, visit: Callable[..., Visit]) -> None:
    page = visit().page
    sign_in(page)
    page.goto(f"/review/posts/{site.open_posts()['p1']}")
    for _ in range(25):
        press(page, "Tab")
        outlined = page.evaluate("""() => {
            const seen = each => each && getComputedStyle(each).outlineStyle !== "none";
            const focused = document.activeElement;
            return focused === document.body || seen(focused) || seen(focused.closest("label"));
        }""")
        assert outlined, page.evaluate("document.activeElement.outerHTML")
