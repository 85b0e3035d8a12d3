"""The HTML report in a real browser: it lists, filters, prints, fits a phone, and runs nothing that a post holds."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from checked_samples import hostile, make_run, recommendation, samples, watched
from playwright.sync_api import Browser, Page, sync_playwright

from detector.checked import Checked
from detector.post import Origin, Post
from detector.reports import html

POSTS = 1_000
PITCH = "You should buy $SHRT before Friday because the harbour contract will double its price within a single week."
FILTER_TIME = """() => {
  const start = performance.now();
  for (let round = 0; round < 20; round++) apply();
  return performance.now() - start;
}"""
WAIT = 30_000  # milliseconds: a bound for a busy machine, not a target


def made_post(number: int) -> Checked:
    text = "Sell your $TSLA now. Some words between. Put half of your savings into gold. Harbour. DM me for picks."
    post = Post(f"n{number}", text, f"member {number % 40}", f"2024-{number % 12 + 1:02}-03",
                origin=Origin("many.jsonl", number, "jsonl"))  # fmt: skip
    parts = (("Sell your $TSLA now.", "action"), ("Put half of your savings into gold.", "allocation"),
             ("DM me for picks.", "solicitation"))  # fmt: skip
    return Checked(post, tuple(recommendation(post, part, kind, probability=0.9) for part, kind in parts))


def pitch(number: int) -> Checked:
    post = Post(
        f"p{number}", f"{PITCH} {number}", f"shill {number}", origin=Origin("many.jsonl", 5_000 + number, "jsonl")
    )
    return Checked(post, (recommendation(post, PITCH, probability=0.99),))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run, path = make_run(), tmp_path_factory.mktemp("page") / "report.html"
    posts = [*map(made_post, range(1, POSTS + 1)), *map(pitch, range(7)), *samples()]
    out = io.BytesIO()
    html.render(watched(run, posts), run, out)
    path.write_bytes(out.getvalue())
    return path


@pytest.fixture(scope="module")
def browser(program: Callable[[str], str]) -> Iterator[Browser]:
    executable = program("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Page]:
    """The report, open; whatever it complains about fails the test."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(WAIT)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: None if request.url.startswith("file:") else complaints.append(request.url))
    page.goto(report.as_uri())
    page.wait_for_selector(".post")
    yield page
    page.close()
    assert complaints == []


def said(page: Page, matches: str) -> str:
    """What the page says of its posts once it says that."""
    page.wait_for_function("words => document.getElementById('matches').textContent.startsWith(words)", arg=matches)
    return page.locator("#matches").inner_text()


def test_it_lists_the_worst_first_and_turns_pages(page: Page) -> None:
    assert said(page, "1,013 posts, showing 1 to 20.")
    assert page.locator(".post").count() == 20
    assert "error" in (page.locator(".post").first.get_attribute("class") or "")
    page.get_by_role("button", name="Next").click()
    assert said(page, "1,013 posts, showing 21 to 40.")


def test_filters_narrow_the_list_and_stay_in_the_address(page: Page) -> None:
    page.select_option("[name=kind]", "solicitation")
    assert said(page, "1,000 of 1,013 posts match")
    page.fill("[name=author]", "member 7")
    assert said(page, "25 of 1,013 posts match")
    assert "kind=solicitation&author=member+7" in page.url
    page.reload()
    assert said(page, "25 of 1,013 posts match")
    page.get_by_role("button", name="Clear").click()
    assert said(page, "1,013 posts")
    page.fill("[name=text]", "HARBOUR contract")
    assert said(page, "7 of 1,013 posts match")
    page.fill("[name=text]", "")
    page.fill("[name=from]", "2024-03-01")
    page.fill("[name=to]", "2024-03-31")
    assert said(page, "84 of 1,013 posts match")


def test_bars_and_campaigns_lead_to_their_posts(page: Page) -> None:
    page.locator("#charts a[href='#author=member%201']").click()
    assert said(page, "25 of 1,013 posts match")
    campaigns = page.locator("#campaigns")
    own = campaigns.get_by_role("row").filter(has_text="shill 0")
    assert PITCH[:60] in own.inner_text()
    assert "shill 4 and 2 more" in " ".join(own.inner_text().split())
    own.get_by_role("link", name="Show").click()
    assert said(page, "7 of 1,013 posts match")


def test_what_a_post_holds_is_shown_and_never_run(page: Page) -> None:
    page.fill("[name=text]", "HYPERLINK")
    assert said(page, "1 of 1,013 posts match")
    text = page.locator(".post .body > div").first.text_content() or ""  # what is far below is laid out when looked at
    assert "<script>alert(1)</script>" in text
    assert "U+202E" in text
    assert page.locator(".post script, .post img, .post a").count() == 0
    assert hostile().post.url == "javascript:alert(1)"


def test_an_altered_disclaimer_has_its_diff(page: Page) -> None:
    page.select_option("[name=integrity]", "altered")
    assert said(page, "1 of 1,013 posts match")
    assert (page.locator(".post del").first.text_content() or "").strip() == "not"
    assert "a negation changed, which changes the meaning" in (page.locator(".edits").text_content() or "")


@pytest.mark.parametrize("width", [400, 1280])
def test_nothing_is_wider_than_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_prints(page: Page) -> None:
    page.select_option("[name=size]", "100")
    assert said(page, "1,013 posts, showing 1 to 100.")
    printed = page.pdf(format="A4")
    assert printed.startswith(b"%PDF")
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page/") + printed.count(b"/Type /Page ") > 10


def test_paper_holds_all_that_match_and_says_what_was_asked_for(page: Page) -> None:
    page.fill("[name=author]", "member 7")
    assert said(page, "25 of 1,013 posts match author “member 7”, showing 1 to 20.")
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert said(page, "25 of 1,013 posts match author “member 7”, showing 1 to 25.")
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert said(page, "25 of 1,013 posts match author “member 7”, showing 1 to 20.")


def test_no_number_is_broken_over_two_lines(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    lines = """() => [...document.querySelectorAll("td.number, .sum td")].map((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return range.getClientRects().length;
    })"""
    assert set(page.evaluate(lines)) == {1}


def test_without_script_the_figures_stand(browser: Browser, report: Path) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(report.as_uri())
        assert page.get_by_text("Records in the input").is_visible()
        assert page.locator("noscript p").is_visible()


def test_the_largest_report_lists_and_filters_within_its_bounds(browser: Browser, tmp_path: Path) -> None:
    """Growth, not speed: ten times the posts may take about ten times as long to filter, not a hundred times."""
    times = []
    for size in (400, 4_000):
        run, path = make_run(), tmp_path / f"{size}.html"
        with path.open("wb") as out:
            html.render(watched(run, map(made_post, range(1, size + 1))), run, out)
        page = browser.new_page()
        page.goto(path.as_uri())
        page.wait_for_selector(".post", timeout=WAIT)
        times.append(min(page.evaluate(FILTER_TIME) for _ in range(3)))
        page.close()
    assert times[1] < 40 * times[0]
