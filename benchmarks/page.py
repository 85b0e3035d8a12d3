"""The HTML report at its full size, in a real browser: `python -m benchmarks.page [FINDINGS] [FOLDER]`.

Renders a report with that many findings (two a post, of texts made here), opens it in Chromium, and prints how long it
is until it can be used, and how long each filter is about until the list shows what was asked for. With FOLDER, the
report stays there.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from detector.checked import Checked, Run, Tally
from detector.finding import Finding, Reason, Severity
from detector.post import Origin, Post
from detector.reports import html

PIECES = (("You should sell your ${} now.", "action"), ("Put half of your savings into it.", "allocation"))
FILLER = "The harbour was quiet and the numbers were read by few. " * 6
WAIT = 120_000  # milliseconds
FILTERS: tuple[tuple[str, Callable[[Page], object]], ...] = (
    ("kind", lambda page: page.select_option("[name=kind]", "allocation")),
    ("author", lambda page: page.fill("[name=author]", "member 7")),
    ("clear", lambda page: page.get_by_role("button", name="Clear").click()),
    ("words", lambda page: page.fill("[name=text]", "harbour was quiet")),
    ("order", lambda page: page.select_option("[name=order]", "new")),
    ("500 a page", lambda page: page.select_option("[name=size]", "500")),
)


def main(findings: int = 100_000, folder: str = "") -> None:
    """Print what was measured, a line each."""
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(folder or temporary) / "report.html"
        begin = time.monotonic()
        write(path, findings // len(PIECES))
        print(f"{findings:,} findings: {path.stat().st_size / 1e6:.0f} MB, made in {time.monotonic() - begin:.1f} s")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(WAIT)
            begin = time.monotonic()
            page.goto(path.as_uri())
            page.wait_for_selector("#filters:not([hidden])")
            page.wait_for_selector(".post")
            print(f"usable after {time.monotonic() - begin:.1f} s")
            for name, act in FILTERS:
                print(f"{name}: {seconds(page, act):.2f} s")
            browser.close()


def seconds(page: Page, act: Callable[[Page], object]) -> float:
    """From the reader's hand to a list that is painted; the page waits 0.2 s for more keys before it filters."""
    page.evaluate("window.before = document.querySelector('#list').firstChild")
    begin = time.monotonic()
    act(page)
    page.wait_for_function("() => document.querySelector('#list').firstChild !== window.before", polling=20)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return time.monotonic() - begin


def write(path: Path, posts: int) -> None:
    """A report of that many posts."""
    tally = Tally()
    run = Run("0", "0" * 64, "default", "0" * 64, "2026-11-28T00:00:00+00:00", tally=tally)
    with path.open("wb") as out:
        html.render(tally.watch(made(posts), clock=lambda: run.started), run, out)


def made(posts: int) -> Iterator[Checked]:
    """Posts by 5,000 authors about 400 instruments, over two years."""
    for number in range(posts):
        pieces = [(piece.format(f"T{number % 400}"), kind) for piece, kind in PIECES]
        text = f"Post {number}. " + FILLER.join(piece for piece, _ in pieces)
        date = f"{2024 + number % 2}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        post = Post(f"n{number}", text, f"member {number % 5_000}", date, origin=Origin("posts.jsonl", number, "jsonl"))
        yield Checked(post, tuple(finding(text, piece, kind, number) for piece, kind in pieces), score=0.9)


def finding(text: str, piece: str, kind: str, number: int) -> Finding:
    """A finding like those of the model."""
    start = text.index(piece)
    return Finding(
        "recommendation",
        "Reads as advice: it tells readers to trade.",
        Severity.WARNING,
        start,
        start + len(piece),
        piece,
        kind=kind,
        probability=0.5 + number % 500 / 1_000,
        reasons=(Reason("sell", 1.8), Reason("should", 1.2)),
    )


if __name__ == "__main__":
    main(int((sys.argv[1:] or ["100000"])[0]), *sys.argv[2:3])
