"""Community pages as text: every piece where it belongs, whatever is missing."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from detector.post import Post, Rejected
from detector.readers import read

SAMPLE = Path(__file__).parent / "samples" / "community_page.txt"
PAGE = SAMPLE.read_text(encoding="utf-8")


def read_text(folder: Path, text: str, *, format_name: str | None = None) -> list[Post]:
    path = folder / "page.txt"
    path.write_bytes(text.encode())
    found = list(read([path], format_name=format_name))
    assert all(isinstance(post, Post) for post in found), found
    return [post for post in found if isinstance(post, Post)]


def regions(post: Post) -> dict[str, str]:
    return {region.role: post.text[region.start : region.end] for region in post.regions}


def test_sample() -> None:
    post, first, second = read([SAMPLE])
    assert isinstance(post, Post)
    assert isinstance(first, Post)
    assert isinstance(second, Post)
    assert (post.id, post.author, post.created, post.parent) == (
        "community_page", "kopi_kaki", "2024-02-29", None,
    )  # fmt: skip
    assert post.text == PAGE[PAGE.index("$Sunrise") : PAGE.index("\n\nComments")]
    assert post.extra == {"symbols": ["SHRT"]}
    assert regions(post) == {
        "topic": PAGE[PAGE.index("Are harbour REITs back?") : PAGE.index("\nDisclaimer:")],
        "disclaimer": PAGE[PAGE.index("Disclaimer:") : PAGE.index("\n\nComments")],
    }
    assert (first.id, first.author, first.created, first.parent) == (
        "community_page/c1", "uncle_lim", "2024-03-01", "community_page",
    )  # fmt: skip
    assert first.text == "Wait for 1.05, then take half a position.\n\nThe other half after results."
    assert second.text == "• Tan88 wrote a list\nand one more line"
    assert [found.origin.record for found in (post, first, second)] == [1, 2, 3]


@pytest.mark.shared
def test_the_seed_page(shared_folder: Path) -> None:
    (path,) = (shared_folder / "seed").glob("*.txt")
    page = path.read_text(encoding="utf-8")
    post, *comments = (found for found in read([path]) if isinstance(found, Post))
    assert post.text == page[page.index("$iShares") : page.index("\n\nComments")]
    assert (post.author, post.created, post.id) == ("hhjsyndrome", "2023-07-14", path.stem)
    assert regions(post)["topic"].startswith("Will small-cap gains continue?\nSmall-cap stocks")
    assert regions(post)["topic"].endswith("Is it time for small-cap? Will small-cap gains continue?")
    assert regions(post)["disclaimer"].startswith("Disclaimer: Investing carries risk. This is not")
    assert [comment.author for comment in comments] == [
        "WebbBart", "Jim1995", "SiongZ", "PSG2010", "ChrisColeman",
    ]  # fmt: skip
    assert {comment.parent for comment in comments} == {post.id}
    assert comments[3].text == "230 is no problem, wait for the callback to buy."


def test_windows_line_ends_stay_in_the_text(tmp_path: Path) -> None:
    unix = read_text(tmp_path, PAGE)
    windows = read_text(tmp_path, PAGE.replace("\n", "\r\n"))
    assert [post.text for post in windows] == [post.text.replace("\n", "\r\n") for post in unix]
    assert {role: text.replace("\r\n", "\n") for role, text in regions(windows[0]).items()} == regions(unix[0])
    assert [(post.author, post.created) for post in windows] == [(post.author, post.created) for post in unix]


@pytest.mark.parametrize("joint", ["\n", "\n\n\n", "", "\r\n"])
def test_pages_that_follow_each_other(tmp_path: Path, joint: str) -> None:
    other = PAGE.replace("kopi_kaki", "teh_tarik")
    found = read_text(tmp_path, PAGE + joint + other + joint + PAGE)
    assert [post.id for post in found] == [
        "page", "page/c1", "page/c2",
        "page#2", "page#2/c1", "page#2/c2",
        "page#3", "page#3/c1", "page#3/c2",
    ]  # fmt: skip
    assert found[3].author == "teh_tarik"
    assert [post.text for post in found[:3]] == [post.text for post in found[6:]]
    assert [post.origin.record for post in found] == list(range(1, 10))


def without(part: str) -> str:
    start, end = {
        "topic": ("Are harbour", "Disclaimer:"),
        "disclaimer": ("Disclaimer:", "\nComments"),
        "comments": ("Comments\n", "Leave a"),
        "counters": ("Leave a", ""),
        "cashtag": ("$Sunrise", "The yield"),
    }[part]
    first = PAGE.index(start)
    return PAGE[:first] + (PAGE[PAGE.index(end, first) :] if end else "")


@pytest.mark.parametrize("part", ["topic", "disclaimer", "comments", "counters", "cashtag"])
def test_a_missing_piece_costs_only_itself(tmp_path: Path, part: str) -> None:
    whole = read_text(tmp_path, PAGE)
    found = read_text(tmp_path, without(part))
    assert found[0].author == "kopi_kaki"
    assert regions(found[0]) == {role: text for role, text in regions(whole[0]).items() if role != part}
    assert [post.text for post in found[1:]] == ([] if part == "comments" else [post.text for post in whole[1:]])
    assert "Leave a comment" not in "".join(post.text for post in found)
    assert not found[0].text.endswith("17")


def test_a_page_without_any_head_is_read_when_asked(tmp_path: Path) -> None:
    found = read_text(tmp_path, PAGE[PAGE.index("$Sunrise") :], format_name="community_page")
    assert (found[0].author, found[0].created) == (None, None)
    assert found[0].text.startswith("$Sunrise")


def test_an_authors_last_number_is_no_counter(tmp_path: Path) -> None:
    (post,) = read_text(tmp_path, "mei\n2024-01-01\n\n$A(A)$\n\nMy target:\n\n230\n")
    assert post.text == "$A(A)$\n\nMy target:\n\n230"


def test_an_authors_own_last_question_is_no_topic(tmp_path: Path) -> None:
    body = "mei\n2024-01-01\n\n$A(A)$\n\nHarbour\nWill the harbour rise, or is harbour? done\nDisclaimer: no.\n"
    (post,) = read_text(tmp_path, body)
    assert list(regions(post)) == ["disclaimer"]


def test_an_authors_own_disclaimer_above_the_platforms_is_the_authors(tmp_path: Path) -> None:
    (post, *_) = read_text(tmp_path, PAGE.replace("The yield", "Disclaimer: I hold.\n\nThe yield"))
    assert regions(post)["disclaimer"].startswith("Disclaimer: Investing carries risk.")


def test_answers_to_comments_stand_deeper(tmp_path: Path) -> None:
    deeper = (
        "  • mei\n    2024-03-01\n    mei\n\n    one\n\n      • tan\n        2024-03-02\n        tan\n\n        two\n"
    )
    page = PAGE[: PAGE.index("  • uncle_lim")] + deeper + "\n  • lim\n    2024-03-03\n    lim\n\n    three\n"
    found = read_text(tmp_path, page)
    assert [(post.text, post.parent) for post in found[1:]] == [
        ("one", "page"),
        ("two", "page/c1"),
        ("three", "page"),
    ]


def test_bad_bytes_cost_one_comment(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(PAGE.encode().replace(b"half a position", b"half \xff a position"))
    post, bad, other = read([path])
    assert isinstance(post, Post)
    assert isinstance(bad, Rejected)
    assert bad.record == 2
    assert "(0xff) is not valid text" in bad.reason
    assert isinstance(other, Post)


@example(["\n", "- two leases end in May\n", "2024-02-29\n", "\n"])
@given(st.lists(st.sampled_from([*PAGE.splitlines(keepends=True), "\n", "x\n", "2\n"]), max_size=40))
def test_no_author_words_are_lost_in_any_order_of_lines(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    path = tmp_path_factory.mktemp("pages") / "page.txt"
    path.write_text("".join(lines), encoding="utf-8")
    found = [post for post in read([path], format_name="community_page") if isinstance(post, Post)]
    kept = " ".join(post.text for post in found)
    for words in ("The yield looks fine", "gearing is 41 %", "two leases", "The other half", "and one more line"):
        assert sum(words in line for line in lines) == kept.count(words)
    for post in found:
        assert all(0 <= region.start < region.end <= len(post.text) for region in post.regions)


def test_a_page_as_html_has_the_same_pieces_as_html() -> None:
    html = SAMPLE.with_name("community_html.html")
    as_text = [found for found in read([SAMPLE]) if isinstance(found, Post)]
    as_html = [found for found in read([html]) if isinstance(found, Post)]
    for field in ("author", "created", "extra"):
        assert [getattr(post, field) for post in as_html] == [getattr(post, field) for post in as_text], field
    assert [post.id for post in as_html] == ["community_html", "community_html/c1", "community_html/c2"]
    assert [post.parent for post in as_html] == [None, "community_html", "community_html"]
    page = html.read_text(encoding="utf-8")
    assert all(post.format == "html" and post.text in page for post in as_html)
    assert as_html[1].text.startswith("Wait for 1.05, then take <i>half</i> a position.</p><p>The other half")
    roles = regions(as_html[0])
    assert roles["topic"].startswith("Are harbour REITs back?</h4>")
    assert roles["topic"].endswith("Are harbour REITs back?")
    assert roles["disclaimer"].startswith("Disclaimer: Investing")
    assert roles["disclaimer"].endswith("<b>not</b> financial advice. Please read the whole notice.")


def test_html_of_another_make_names_the_cure(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<html><body><p>Hello</p><p>World</p></body></html>")
    (only,) = read([path])
    assert "not a community page" in str(only)
