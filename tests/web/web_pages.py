"""What tests of editors look for on a page."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

OpenPage = Callable[..., Page]
ADVICE = "You should buy TSLA now before it is too late."
PROMISE = "Guaranteed 20% a month, join my group!"
ALTERED = (
    "Don't invest unless you're prepared to lose all the money you invest. This is a low-risk investment and you are "
    "unlikely to be protected if something goes wrong."
)
MARKED = """() => ["notice", "warning", "error"].flatMap((severity) =>
  [...(CSS.highlights.get(`detector-${severity}`) ?? [])].map((range) => [severity, range.toString()])).sort()"""
FOUND = """() => window.editor.marks.map(({ finding }) =>
  ({ rule: finding.rule, kind: finding.kind, start: finding.start, end: finding.end, text: finding.text }))"""


def until(page: Page, condition: str, seconds: float = 60.0) -> None:
    """Wait until a JavaScript expression holds. (Playwright's own wait evaluates words, which strict policies refuse.)"""
    end = time.monotonic() + seconds
    while not page.evaluate(f"Boolean({condition})"):
        assert time.monotonic() < end, f"never: {condition}"
        page.wait_for_timeout(50)


def pill(page: Page) -> Locator:
    return page.locator(".pill")


def checked(page: Page, words: str) -> None:
    """Wait until the pill says so."""
    expect(pill(page)).to_have_text(words)


def panel(page: Page) -> Locator:
    return page.get_by_role("dialog")


def marked(page: Page) -> list[list[str]]:
    """Severity and words of every underline, read back from the browser's own highlights."""
    found: list[list[str]] = page.evaluate(MARKED)
    return found


def found(page: Page) -> list[dict[str, Any]]:
    """Findings as the page holds them, in UTF-16 code units."""
    marks: list[dict[str, Any]] = page.evaluate(FOUND)
    return marks
