"""The text report: readable without colour, harmless to the terminal, as wide as asked."""

from __future__ import annotations

import io
import re

import pytest
from checked_samples import altered_post, hostile, make_run, page_comment, page_post, samples, watched
from test_reports import rendered

from detector.reports import text


@pytest.fixture(autouse=True)
def _no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)


def test_a_file_is_the_same_whatever_the_terminal_s_width(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = rendered("text", samples())
    monkeypatch.setenv("COLUMNS", "31")
    assert rendered("text", samples()) == shown


def test_the_summary_adds_up() -> None:
    shown = " ".join(rendered("text", samples()).decode().split())
    assert "10 findings in 6 of 9 posts (66.7%)." in shown
    assert "12 records = 6 with findings + 2 without + 1 not judged (language) + 2 unreadable + 1 left out" in shown


def test_a_pipe_gets_no_colour_and_a_diff_that_can_be_read_without() -> None:
    shown = rendered("text", [altered_post()]).decode()
    assert "\x1b" not in shown
    assert "This is [-not -]financial advice." in " ".join(shown.split())
    assert "[-should not-]{+could+} be regarded" in " ".join(shown.split())


def test_changes_of_meaning_are_said_first() -> None:
    lines = [line.strip() for line in rendered("text", [altered_post()]).decode().splitlines()]
    said = [line for line in lines if line.startswith("- ")]
    assert said == [
        "- “not” was removed: a negation changed, which changes the meaning",
        "- “should not” became “could”: an obligation changed, which changes the meaning",
        "- “financial” became “fine”: a word replaced, which changes the meaning",
        "- “recommendation” became “recommendatoin”: a spelling slip",
    ]


def test_prominence_is_not_claimed() -> None:
    shown = " ".join(rendered("text", [page_post(), altered_post()]).decode().split())
    assert "presence verified; prominence not assessed fix: Restore" in shown
    assert "1 intact, 1 altered (presence verified; prominence not assessed, unless the export states it)" in shown
    assert "prominence" not in rendered("text", [hostile()]).decode()


def test_a_post_cannot_drive_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = rendered("text", [hostile()]).decode()
    assert "\x1b[31m" not in shown.replace("\x1b[31m\x1b", "")
    assert "␛[31mred␛[0m" in shown
    assert not set("\u202e\u202c\x00") & set(shown)


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_no_line_is_wider_than_the_terminal_or_than_is_readable(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(width))
    shown = rendered("text", [page_comment(), altered_post()]).decode()
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    assert max(map(len, lines)) <= min(width, text.WIDEST)


def test_why_and_how_sure_stand_beside_the_passage() -> None:
    shown = rendered("text", [page_comment()]).decode()
    assert "WARNING advice on entry or exit  91%" in shown
    assert "why: wait for +1.8, to buy +1.2" in shown


def test_posts_are_written_as_they_come() -> None:
    run, out = make_run(), io.BytesIO()
    written: list[int] = []

    def slow():  # type: ignore[no-untyped-def]  # noqa: ANN202
        for checked in (page_comment(), altered_post()):
            written.append(len(out.getvalue()))
            yield checked

    text.render(watched(run, slow()), run, out)
    assert written[1] > written[0]
