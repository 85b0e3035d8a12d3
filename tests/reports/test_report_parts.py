"""Dates, diffs, places, the worst of a stream, and texts cut for the page."""

from __future__ import annotations

import random
from datetime import date

import pytest
from checked_samples import altered_post, long_post, missing, page_post, whole_file
from hypothesis import given
from hypothesis import strategies as st

from detector.checked import Checked
from detector.dates import as_read, day_of
from detector.finding import Edit, Finding, Severity
from detector.post import Origin, Post
from detector.reports.page.gather import symbols
from detector.reports.page.rows import Segment, post_row
from detector.reports.parts.diff import word_diff
from detector.reports.parts.places import Place, Places, Position
from detector.reports.parts.words import probability, share
from detector.reports.parts.worst import Worst, rank_of_post


@pytest.mark.parametrize(
    ("created", "day"),
    [
        ("2023-07-14", date(2023, 7, 14)),
        ("2023-07-14T23:59:59.123+08:00", date(2023, 7, 14)),
        ("2023-07-14 10:00 Uhr", date(2023, 7, 14)),
        ("20230714T101010Z", date(2023, 7, 14)),
        ("1689292800", date(2023, 7, 14)),
        ("1689292800.5", date(2023, 7, 14)),
        ("1689292800000", date(2023, 7, 14)),
        ("Fri Jul 14 10:00:00 +0000 2023", date(2023, 7, 14)),
        ("14 July 2023, 10:00", date(2023, 7, 14)),
        ("July 14", None),
        ("10:30", None),
        ("July 2023", None),
        ("yesterday", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("2023-02-30", None),
        ("", None),
        (None, None),
        ("1" * 5000, None),
    ],
)
def test_days_are_read_leniently_but_never_guessed(created: str | None, day: date | None) -> None:
    assert day_of(created, latest=date(2026, 11, 23)) == day


@pytest.mark.parametrize(
    ("created", "shown"),
    [
        ("1706814800", "2024-02-01 19:13 UTC"),
        ("1706814800.0", "2024-02-01 19:13 UTC"),
        ("1706814800123", "2024-02-01 19:13 UTC"),
        ("Thu Jul 23 12:02:00 +0000 2026", "Thu Jul 23 12:02:00 +0000 2026"),
        ("1706", "1706"),
        ("", ""),
    ],
)
def test_people_read_unix_seconds_as_a_time(created: str, shown: str) -> None:
    assert as_read(created) == shown
    assert post_row(Checked(Post("1", "x", created=created)), policy_checksum="").created == shown


@given(st.text(max_size=40) | st.from_regex(r"[0-9:/ .+\-TZapm]{1,30}", fullmatch=True))
def test_no_date_text_breaks_the_report(created: str) -> None:
    assert as_read(created) or not created
    day = day_of(created)
    assert day is None or day.year >= 1990


def test_a_diff_shows_what_was_registered_and_what_was_found_in_context() -> None:
    finding = altered_post().findings[0]
    pieces = word_diff(altered_post().post.text, finding.edits, start=finding.start, end=finding.end)
    changed = [(piece.change, piece.words, piece.note) for piece in pieces if piece.change in {"deleted", "inserted"}]
    assert changed[:3] == [
        ("deleted", "not ", "negation"),
        ("deleted", "should not ", "modal"),
        ("inserted", "could", "modal"),
    ]
    assert "".join(piece.words for piece in pieces if piece.change in {"same", "inserted"}) == finding.text


@given(st.text(st.sampled_from("ab \n"), min_size=1, max_size=600), st.data())
def test_a_diff_never_shows_words_twice_or_out_of_order(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=8)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    edits = [Edit("other", left, right, "x", text[left:right], changes_meaning=False) for left, right in spans]
    pieces = word_diff(text, edits)
    kept = [piece.words for piece in pieces if piece.change in {"same", "inserted"}]
    rest = text
    for words in kept:
        _, found, rest = rest.partition(words)
        assert found == words
    if not any(piece.change == "gap" for piece in pieces):
        assert "".join(kept) == text


def test_a_diff_far_from_the_last_edit_is_shortened_at_words() -> None:
    text = "word " * 200
    pieces = word_diff(text, [Edit("typo", 0, 4, "wort", "word", changes_meaning=False)])
    assert [piece.change for piece in pieces] == ["deleted", "inserted", "same", "gap"]
    assert len(pieces[2].words) <= 60
    assert pieces[2].words.endswith("word")


def test_only_a_post_that_is_its_file_has_a_place_in_it() -> None:
    inside, page, line = whole_file(), page_post(), long_post()
    assert Places(inside.post, "utf8").of(inside.findings[0]).start == Position(2, 6)
    assert Places(inside.post, "code_points").of(inside.findings[0]).start == Position(2, 5)
    assert Places(page.post, "utf8").of(missing(page.post)).line is None
    assert Places(line.post, "utf8").of(line.findings[0]) == Place("posts.jsonl", line=8)


def test_a_title_has_no_place_even_in_a_file_of_its_own() -> None:
    post = Post("x", "text", title="Sell", origin=Origin("x.md", 1, "markdown"))
    found = Finding("r", "", Severity.NOTICE, 0, 4, "Sell", field="title")
    assert Places(post, "utf8").of(found) == Place("x.md")


def test_the_worst_are_kept_worst_first() -> None:
    worst = Worst(most_findings=10, most_bytes=1_000)
    numbers = list(range(100))
    random.Random(7).shuffle(numbers)  # noqa: S311
    for number in numbers:
        worst.add((1, number / 100, 1), str(number).encode())
    assert worst.ordered() == [str(number).encode() for number in range(99, 89, -1)]
    assert (worst.findings, worst.left_out) == (10, 90)


def test_the_room_in_bytes_is_kept_too() -> None:
    worst = Worst(most_findings=1_000, most_bytes=100)
    for _ in range(50):
        worst.add((1, 0.5, 1), b"0123456789")
    assert len(worst) == 10


def test_equally_bad_posts_stay_in_their_order() -> None:
    worst = Worst(most_findings=3, most_bytes=100)
    for name in (b"a", b"b", b"c", b"d"):
        worst.add((2, 0.9, 1), name)
    assert worst.ordered() == [b"a", b"b", b"c"]


def test_severity_outranks_probability() -> None:
    post = Post("x", "abc")
    error = Finding("r", "", Severity.ERROR, 0, 1, "a", probability=0.5)
    sure = Finding("r", "", Severity.WARNING, 0, 1, "a", probability=0.99)
    assert rank_of_post(Checked(post, (error,))) > rank_of_post(Checked(post, (sure, sure)))


def _length(segments: list[Segment]) -> int:
    return sum(part if isinstance(part, int) else len(part if isinstance(part, str) else part[0]) for part in segments)


@given(st.integers(0, 6_000), st.lists(st.tuples(st.integers(0, 6_000), st.integers(0, 6_000)), max_size=5))
def test_a_cut_text_accounts_for_every_character(length: int, spans: list[tuple[int, int]]) -> None:
    text = ("word 🚀 " * 1_000)[:length]
    findings = tuple(Finding("r", "", Severity.NOTICE, min(a, b, length), min(max(a, b), length), "") for a, b in spans)
    row = post_row(Checked(Post("x", text), findings), policy_checksum="")
    assert _length(row.text) == length
    at = 0
    for part in row.text:
        if isinstance(part, tuple):
            assert text.startswith(part[0], at)
            assert all(findings[n].start <= at and at + len(part[0]) <= findings[n].end for n in part[1])
        elif isinstance(part, str):
            assert text.startswith(part, at)
        at += _length([part])


def test_instruments_are_the_cashtags_of_title_and_text() -> None:
    post = Post("x", "$iShares Russell 2000 ETF(IWM)$ over $brk.b, $5k is no cashtag", title="$TSLA or $TSLA?")
    assert symbols(post) == {"IWM", "BRK.B", "TSLA"}


def test_figures_never_claim_more_than_they_know() -> None:
    assert (probability(0.999), probability(0.5)) == ("> 99%", "50%")
    assert (share(1, 10_000), share(0, 10), share(1, 8), share(0, 0)) == ("< 0.1%", "0.0%", "12.5%", "–")
