"""The HTML report: closed to the network and to what posts hold, complete, bounded."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from checked_samples import altered_post, clean, hostile, make_run, page_comment, page_post, samples, watched
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_reports import rendered

from detector.checked import REASONS_KEPT, Checked
from detector.dates import day_of
from detector.finding import Finding, Severity
from detector.kinds import KIND_WORDS
from detector.post import Origin, Post, Rejected
from detector.reports import html
from detector.reports.page import charts, examples, gather
from detector.reports.page.rows import post_row
from detector.reports.parts.record import to_json


class Page(HTMLParser):
    """What a browser makes of the page: elements, attributes, and the text in them."""

    def __init__(self, source: bytes) -> None:
        super().__init__()
        self.elements: Counter[str] = Counter()
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = [""]
        self.feed(source.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += 1
        self.attributes += attrs
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._open.append(tag and "")

    def handle_data(self, data: str) -> None:
        self.texts.append((self._open[-1], data))

    def within(self, tag: str) -> list[str]:
        return [text for at, text in self.texts if at == tag]


def listed(source: bytes) -> list[dict[str, Any]]:
    """The posts that the page's script would list."""
    data, *_ = Page(source).within("script")
    posts: list[dict[str, Any]] = json.loads(data)
    return posts


def test_nothing_runs_and_nothing_is_fetched_but_what_the_policy_names() -> None:
    source = rendered("html", samples())
    page = Page(source)
    (policy,) = (value for name, value in page.attributes if name == "content" and value and "default-src" in value)
    assert "default-src 'none'" in policy
    for tag, text in (("style", page.within("style")[0]), ("script", page.within("script")[-1])):
        wanted = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{wanted}'" in policy
    assert not [name for name, _ in page.attributes if name in {"src", "style", "srcset"} or name.startswith("on")]
    assert not [value for name, value in page.attributes if name == "href" and not (value or "").startswith("#")]


def test_what_a_post_holds_stays_text() -> None:
    plain, evil = rendered("html", [page_comment()]), rendered("html", [hostile()])
    grown = Page(evil).elements - Page(plain).elements
    assert set(grown) <= {
        "g",
        "a",
        "title",
        "rect",
        "text",
        "tr",
        "td",
        "span",
        "code",
        "p",
        "th",
        "line",
        "tspan",
        "small",
    }
    (post,) = listed(evil)
    assert "".join(part if isinstance(part, str) else part[0] for part in post["text"]) == hostile().post.text
    assert (post["id"], post["author"]) == (hostile().post.id, hostile().post.author)
    for unsafe in (b"</script", b"<!--", "\u2028".encode(), "\u2029".encode()):
        data = evil.partition(b'id="data">')[2].partition(b"</script>")[0]
        assert unsafe not in data


@settings(max_examples=30)
@given(st.text(st.characters() | st.sampled_from("<>&'\"\u2028/"), max_size=40))
def test_any_text_anywhere_leaves_the_page_s_structure_alone(text: str) -> None:
    assume(day_of(text) is None)  # it stands where the post's time does, too: a day draws charts

    def page_of(words: str) -> Page:
        found = Finding(words, words, Severity.NOTICE, 0, len(words), words, kind=words, disclaimer=words)
        post = Post(words, words, words, words, words, url=words, origin=Origin(words, 1, words))
        return Page(rendered("html", [Checked(post, (found,), language=words)]))

    assert page_of(text or "x").elements == page_of("x" if text else "y").elements


def test_the_worst_come_first() -> None:
    posts = listed(rendered("html", samples()))
    assert [post["findings"][0]["severity"] for post in posts[:2]] == ["notice", "error"]
    assert any(each["severity"] == "error" for each in posts[0]["findings"])
    assert len(posts) == 6


def test_what_is_over_the_room_is_counted_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "MOST_FINDINGS", 5)
    source = rendered("html", samples())
    assert sum(len(post["findings"]) for post in listed(source)) == 5
    assert b"The page lists the worst 5 of 10 findings; 5 less severe ones" in source


def test_names_beyond_the_room_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "MOST_NAMES", 2)
    names = gather.Names()
    for name in "aabbccd":
        names.add(name)
    assert names.counts == {"a": 2, "b": 2}
    assert names.others == 3


def test_methods_name_what_made_the_report_and_the_counts_add_up() -> None:
    source = rendered("html", samples()).decode()
    shown = " ".join(" ".join(text for _, text in Page(source.encode()).texts).split())
    run = make_run()
    for fact in (run.model_checksum, run.policy_checksum, run.started, "recommendation probability 0.5", "ab" * 32):
        assert fact in shown
    for row in ("Posts with findings 6", "nothing found 2", "(other language) 1", "Posts checked 9", "be read 2"):
        assert row in shown
    assert "Records in the input 12" in shown
    assert "the line is not JSON: unexpected end of data (repair or remove the line)" in shown
    assert "junk.bin whole file no reader recognises this file" in shown


def test_a_run_without_findings_says_so() -> None:
    source = rendered("html", [clean()])
    assert b"Nothing was found in 1 post." in source
    assert listed(source) == []


def test_a_partial_run_is_marked() -> None:
    run, out = make_run(), io.BytesIO()
    run.tally.interrupted = True
    html.render(watched(run, samples()), run, out)
    assert b"<strong>Partial.</strong>" in out.getvalue()


def test_a_long_text_keeps_what_surrounds_its_findings() -> None:
    post = next(post for post in listed(rendered("html", samples())) if post["id"] == "long")
    assert [type(part) for part in post["text"]] == [int, str, list, str, int]
    assert post["text"][2][0] == "Put half of your savings into $GOLD."


def test_a_diff_reaches_the_page_with_its_edits_in_words() -> None:
    (post,) = listed(rendered("html", [altered_post()]))
    deleted = [piece for piece in post["findings"][0]["diff"] if piece[0] == "deleted"]
    assert deleted[0] == ["deleted", "not ", "a negation changed", True]


def test_prominence_is_not_claimed() -> None:
    source = rendered("html", [altered_post()])
    assert listed(source)[0]["findings"][0]["note"] == "presence verified; prominence not assessed"
    assert source.count(b"presence verified; prominence not assessed, unless the export states it") == 2


def test_a_disclaimer_that_no_finding_speaks_of_is_named() -> None:
    page, altered = page_post(), altered_post()
    start = page.post.text.index("IWM has")
    found = replace(altered.findings[0], integrity=None, edits=(), start=start, end=start + 7, text="IWM has")
    (post,) = listed(rendered("html", [replace(page, findings=(found,))]))
    assert post["disclaimers"] == [
        "Disclaimer ttm-community: intact, word for word as registered; presence verified; prominence not assessed"
    ]
    assert listed(rendered("html", [altered]))[0]["disclaimers"] == []


def test_every_asset_s_sentinel_stands_once() -> None:
    assert rendered("html", samples()).count(html.POSTS.encode()) == 0
    assert re.search(rb'id="data">\[\n\{', rendered("html", samples()))


@pytest.mark.parametrize(
    ("days", "step", "columns"),
    [
        ([date(2023, 7, 14)], "week", 1),
        ([date(2023, 7, 10), date(2023, 7, 16)], "week", 1),
        ([date(2023, 7, 10), date(2023, 7, 17)], "week", 2),
        ([date(2023, 1, 31), date(2023, 12, 1)], "month", 12),
        ([date(2000, 12, 31), date(2023, 1, 1)], "year", 24),
    ],
)
def test_trends_choose_their_step_and_leave_no_gap(days: list[date], step: str, columns: int) -> None:
    counts = Counter(days)
    chosen, periods = charts.periods(counts, counts)
    assert (chosen, len(periods)) == (step, columns)
    assert sum(period.posts for period in periods) == len(days)


@given(st.lists(st.dates(date(1990, 1, 1), date(2030, 12, 31)), min_size=1, max_size=20))
def test_columns_stay_within_the_chart(days: list[date]) -> None:
    counts = Counter(days)
    _, periods = charts.periods(counts, counts)
    chart = charts.flagged_posts(periods)
    assert all(column.x >= 0 and column.x + column.width <= 100.001 for column in chart.columns)
    assert max(column.height for column in chart.columns) == charts.PLOT_HEIGHT
    assert all(0 <= tick.x <= 100.001 for tick in chart.ticks)


def test_the_worst_findings_have_similar_passages(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = page_comment()
    (entry,) = [to_json(post_row(checked, policy_checksum="2e" * 32))]
    ((identity, found),) = examples.examples([entry]).items()
    assert identity.encode() in entry
    assert "callback" in found.like
    assert found.like != found.unlike
    assert found.unlike_kind == KIND_WORDS["own_position"].label
    assert found.like.encode() in rendered("html", [checked])
    monkeypatch.setattr(examples, "MOST_FINDINGS", 0)
    assert found.like.encode() not in rendered("html", [checked])


def test_posts_that_were_not_judged_are_said_in_every_report() -> None:
    stream = [each for each in samples() if each.abstained]
    assert b"Languages not judged" in rendered("html", stream)
    assert b"Not judged, by language: de 1" in rendered("text", stream)
    assert b'"abstained":true' in rendered("jsonl", stream)


def test_the_methods_say_what_was_left_out_and_how_findings_add_up() -> None:
    texts = [text.strip() for text in Page(rendered("html", samples())).within("td")]
    assert "a repost" in texts
    run = make_run([Rejected("a", number, f"reason {number}", left_out=True) for number in range(300)])
    assert len(run.tally.left_out_for) == REASONS_KEPT + 1
    assert run.tally.left_out_for.total() == run.tally.left_out == 300
    cells = Page(rendered("html", samples())).within("th")
    assert {"Recommendation", "Disclaimer altered", "Disclaimer missing", "Findings"} <= set(cells)
