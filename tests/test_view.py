"""The view: what a reader sees, and the way back to the post's own characters."""

from __future__ import annotations

import gzip
import json
import time
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from detector.post import TextFormat
from detector.view import View, make_view
from detector.view.html_tokens import tokens

FORMATS: tuple[TextFormat, ...] = ("plain", "markdown", "html")

PLAIN = [
    ("Buy below 3.20, stop 2.95 (R/R 3:1)!", "Buy below 3.20, stop 2.95 (R/R 3:1)!"),
    # references
    ("S&amp;P don&#39;t &lt;b&gt; &quot;q&quot;", 'S&P don\'t <b> "q"'),
    ("AT&T S&P; R&D ?a=1&copy=2 &madeup; &", "AT&T S&P; R&D ?a=1&copy=2 &madeup; &"),
    ("one &amp;amp;lt; two&amp;#x200B;", "one < two"),
    ("10&nbsp;%", "10 %"),
    # invisible characters
    ("fin\u200banc\u00adial\ufeff ad\u202evice\u2066", "financial advice"),
    ("n\x00ot\x08 advice\x9d", "not advice"),
    ("half \ud83d a character", "half \ufffd a character"),
    ("not\ufe0f \U000e0041advice", "not advice"),
    # marks
    ("cafe\u0301 nai\u0308ve Vie\u0323\u0302t", "café naïve Việt"),
    ("n\u0336o\u0336t\u0336 a\u0301\u0316\u0321\u0336d", "not ad"),
    ("n\u064eo\u0591t", "not"),
    # letters in fancy dress
    ("ｎｏｔ　ａｄｖｉｃｅ！", "not advice!"),
    ("𝐍𝐎𝐓 𝒻𝒾𝓃 𝔞𝔡 𝕧𝕚 ⓘⓒⓔ 🅽🅾🆃 🅱️uy ᴀᴅ ⁿᵒᵗ ﬁnancial", "NOT fin ad vi ice NOT Buy ad not financial"),
    ("① 1️⃣ ❷ Ⅷ", "1 1 2 VIII"),
    ("🇳🇴🇹 🇧\u200b🇺\u200b🇾 🇸🇪🇱🇱", "NOT BUY SELL"),
    ("™ № ½ x² … “q” – é ℅", "™ № ½ x² … “q” – é ℅"),
    ("🇺🇸🇬🇧 ❤️ 🤷🏻‍♂️ 👨‍👩‍👧 ‼️ 🚀🚀", "🇺🇸🇬🇧 ❤️ 🤷🏻‍♂️ 👨‍👩‍👧 ‼️ 🚀🚀"),
    # borrowed letters
    ("This is nоt finаnсiаl аdviсе", "This is not financial advice"),
    ("We like ВТС and СОIN a lot", "We like BTC and COIN a lot"),
    ("nοt finαncial αdvice, Ꭰisclosure", "not financial advice, Disclosure"),
    ("Это не совет, со мной TSLA", "Это не совет, со мной TSLA"),
    ("Καλημέρα κόσμε", "Καλημέρα κόσμε"),
    ("α of 2, β = 1.1, μs, kΩ, ρ=0.5, Δ hedge", "α of 2, β = 1.1, μs, kΩ, ρ=0.5, Δ hedge"),
    ("这不是投资建议，买入", "这不是投资建议,买入"),
    # marks of emphasis, where they can be nothing else
    ("**Not** *financial* __advice__ _at_ ~~all~~ `now`", "Not financial advice at all now"),
    ("***Do not*** buy **(yet)**", "Do not buy (yet)"),
    ("$TSLA* and 5* hotel, 5*3*2, a_b_c, f**k s**t", "$TSLA* and 5* hotel, 5*3*2, a_b_c, f**k s**t"),
    ("* one\n* two\n***\n___", "* one\n* two\n***\n___"),
    ("* *not* advice", "* not advice"),
    ("don`t and it`s", "don`t and it`s"),
    ("@_user_ wrote https://x.com/_a_/__b__ -_-", "@_user_ wrote https://x.com/_a_/__b__ -_-"),
    ("4% \\* (1-0.4) \\~25k \\_ ¯\\_(ツ)_/¯ C:\\new", "4% * (1-0.4) ~25k _ ¯_(ツ)_/¯ C:\\new"),
    ("see [the filing](https://a.b/c_(d)) [NVDA](buy)", "see the filing [NVDA](buy)"),
    ("**[bold link](http://x.y)**", "bold link"),
    ("a || b || c |x||y||z|", "a || b || c |x||y||z|"),
    ("```\n**code** *x*\n```\n**text**", "```\n**code** *x*\n```\ntext"),
    ("<b>bold</b> <script>x</script>", "<b>bold</b> <script>x</script>"),
    ("price < 5 and > 3 <3", "price < 5 and > 3 <3"),
]

HIDDEN = [
    ("plain", "a >!not advice!< b", "a  b", "spoiler", "not advice"),
    ("plain", "a ||not advice|| b", "a  b", "spoiler", "not advice"),
    ("plain", "[spoiler]not advice[/spoiler] b", " b", "spoiler", "not advice"),
    ("plain", "see ![not advice](https://x.y/z.png)", "see ", "alt", "not advice"),
    ("markdown", "a <!-- not advice --> b", "a  b", "comment", " not advice "),
    ("markdown", "[//]: # (not advice)\nb", "\nb", "comment", "[//]: # (not advice)"),
    ("html", "a<!-- not advice -->b", "ab", "comment", "not advice"),
    ("html", "<div style='display: none'>not <b>adv</b>ice</div>b", "b", "display", "not advice"),
    ("html", '<p STYLE="d\\69 splay:/* */NONE!important">not advice</p>b', "b", "display", "not advice"),
    ("html", "<i style='visibility:hidden'>not advice</i>b", "b", "visibility", "not advice"),
    ("html", "<i style='opacity:0.0'>not advice</i>b", "b", "opacity", "not advice"),
    ("html", "<i style='font-size: 0'>not advice</i>b", "b", "font-size", "not advice"),
    ("html", "<i style='font-size:1px'>not advice</i>b", "b", "font-size", "not advice"),
    ("html", "<i style='color:#fff;background:white'>not advice</i>b", "b", "colour", "not advice"),
    (
        "html",
        "<div style='background:#000'><i style='color:rgb(0,0,0)'>not advice</i></div>b",
        "b",
        "colour",
        "not advice",
    ),
    ("html", "<font color=white>not advice</font>b", "b", "colour", "not advice"),
    ("html", "<i style='color:transparent'>not advice</i>b", "b", "colour", "not advice"),
    ("html", "<i style='position:absolute;left:-9999px'>not advice</i>b", "b", "off-screen", "not advice"),
    ("html", "<i style='text-indent:-100%'>not advice</i>b", "b", "off-screen", "not advice"),
    ("html", "<i style='height:0;overflow:hidden'>not advice</i>b", "b", "off-screen", "not advice"),
    ("html", "<i style='clip:rect(0 0 0 0)'>not advice</i>b", "b", "off-screen", "not advice"),
    ("html", "<style>.x{display:none}</style><i class='y x'>not advice</i>b", "b", "display", "not advice"),
    ("html", "<p hidden>not advice<p>b", "b", "hidden attribute", "not advice"),
    ("html", "<b><div hidden></b>not advice</div>b", "b", "hidden attribute", "not advice"),
    ("html", "<template>not advice</template>b", "b", "template", "not advice"),
    ("html", "<details><summary>more</summary>not advice</details>", "more", "details", "not advice"),
    ("html", "<img src=x alt='not advice'>b", "b", "alt", "not advice"),
    ("html", "<a href=x title='not advice'>b</a>", "b", "title", "not advice"),
    ("html", "b<a title='not advice", "b", "unclosed tag", "a title='not advice"),
    ("html", "<i hidden>n&#111;t ad\u200bvice</i>b", "b", "hidden attribute", "not advice"),
]

HTML = [
    ("<p>One &amp; two<br>three</p><p>four\nfive</p>", "One & two\nthree\n\nfour five"),
    ("fin<b>anc</b>ial <i> advice</i>", "financial advice"),
    ("<ul><li>one<li>two</ul>three", "one\ntwo\n\nthree"),
    ("<blockquote><p>said</p><p>they</p></blockquote>I", "> said\n\n> they\n\nI"),
    ("a<pre>x\n  y</pre>b", "a\n\n```\nx\n  y\n```\n\nb"),
    ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
    ("1 < 2 and 3 > 2, x<3, <3", "1 < 2 and 3 > 2, x<3, <3"),
    ("&lt;script&gt; stays", "<script> stays"),
    ("<script>alert('<p>')</script>a<style>p{}</style>", "a"),
    ("<span aria-hidden=true>seen</span><details open>seen</details>", "seen\n\nseen"),
    ("<div style='font-size:0'><i style='font-size:12px'>seen</i></div>", "seen"),
    ("<p style='background:url(x);color:#fff'>seen</p>", "seen"),
    ("<p style='color:white;background:navy'>seen</p>", "seen"),
    ("</p></i></div>x</b>", "x"),
    ("<!DOCTYPE html><html><body>x</body></html>", "x"),
]


@pytest.mark.parametrize(("source", "seen"), PLAIN)
def test_plain_text_is_seen_as(source: str, seen: str) -> None:
    assert make_view(source).text == seen


@pytest.mark.parametrize(("source", "seen"), HTML)
def test_html_is_seen_as(source: str, seen: str) -> None:
    assert make_view(source, text_format="html").text == seen


def test_markup_that_says_nothing_is_not_reported_as_hidden() -> None:
    source = "<!doctype html><body><!-- --><p class=x id='y' style='color:red'>x<img src=z alt='---'><br></body>"
    assert make_view(source, text_format="html").hidden == ()


@pytest.mark.parametrize(("text_format", "source", "seen", "reason", "words"), HIDDEN)
def test_hidden_text_is_reported_and_not_seen(
    text_format: TextFormat, source: str, seen: str, reason: str, words: str
) -> None:
    view = make_view(source, text_format=text_format)
    assert view.text == seen
    assert (reason, words) in [(hidden.reason, hidden.text) for hidden in view.hidden]
    for hidden in view.hidden:
        assert 0 <= hidden.start < hidden.end <= len(source)


def test_the_words_found_lead_back_to_the_words_written() -> None:
    source = "<p>This is <b>n&#111;t</b> finаn\u200bcial advice</p>"
    view = make_view(source, text_format="html")
    at = view.text.index("not financial")
    start, end = view.span(at, at + len("not financial"))
    assert source[start:end] == "n&#111;t</b> finаn\u200bcial"


def test_text_that_needs_nothing_is_its_own_view() -> None:
    source = "Adding $NVDA at 120; stop 112.50. Who's with me?\n- one\n> two"
    assert make_view(source) == View(source, source)


PIECES = st.sampled_from(
    [source for source, _ in PLAIN + HTML]
    + [source for _, source, *_ in HIDDEN]
    + [
        "\u200b",
        "&amp;",
        "&#x",
        "е",
        "\u0301",
        "<",
        ">",
        "**",
        "*",
        "_",
        "](",
        "[",
        "||",
        ">!",
        "!<",
        "\n",
        "\n\n",
        "`",
        "\\",
    ]
    + ["<p>", "</p>", "<div style='", "'>", "<!--", "-->", "🅱", "\ufe0f", "\u200d", "🇺", "\ud800", "\x00", "```\n"]
)
SOURCES = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=60),
    st.lists(PIECES, max_size=12).map("".join),
)


@given(SOURCES, st.sampled_from(FORMATS))
@example("<b ", "html")
@example("a\u0301", "plain")
def test_the_map_is_monotone_and_leads_into_the_source(source: str, text_format: TextFormat) -> None:
    view = make_view(source, text_format=text_format)
    if view.starts is None or view.ends is None:
        assert view.text == source
        return
    assert len(view.starts) == len(view.ends) == len(view.text)
    assert all(0 <= start < end <= len(source) for start, end in zip(view.starts, view.ends, strict=True))
    assert all(one <= next_one for one, next_one in pairwise(view.starts))
    assert all(one <= next_one for one, next_one in pairwise(view.ends))
    for at, (start, end) in enumerate(zip(view.starts, view.ends, strict=True)):
        assert view.span(at, at + 1) == (start, end)
    assert view.span(len(view.text), len(view.text)) == (len(source), len(source))


@given(SOURCES, st.sampled_from(FORMATS))
def test_hidden_stretches_lie_in_the_source(source: str, text_format: TextFormat) -> None:
    for hidden in make_view(source, text_format=text_format).hidden:
        assert 0 <= hidden.start < hidden.end <= len(source)
        assert hidden.text


NOT_CLEAN = "&*<\\[]_`|~" + "0123456789$@!+" + "aeiouyAEIOUY"  # marks; figures for letters; words run together


@given(st.text(st.characters(codec="ascii", exclude_characters=NOT_CLEAN, exclude_categories=["Cc"])))
def test_clean_text_is_seen_as_it_is(source: str) -> None:
    assert make_view(source) == View(source, source)


@given(st.text(st.characters(exclude_characters="&*<\\[]_`|~"), max_size=80))
def test_a_view_of_characters_is_settled(source: str) -> None:
    once = make_view(source).text
    assert make_view(once).text == once


@given(st.lists(st.sampled_from("not financial advice buy NVDA 🚀 é “q” 230".split()), min_size=1).map(" ".join))  # noqa: SIM905
def test_invisible_characters_change_nothing(words: str) -> None:
    assert make_view("\u200b".join(words) + "\u2060").text == make_view(words).text


@given(st.lists(st.sampled_from(["<p>", "</p>", "<b>", "</b>", "word ", "&amp;", "<br/>", "<a href='x>y'>", "</a>"])))
def test_tokens_agree_with_the_standard_parser(parts: list[str]) -> None:
    source = "".join(parts)
    expected: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, _: expected.append(f"start {tag}")  # type: ignore[method-assign]
    parser.handle_startendtag = lambda tag, _: expected.append(f"start {tag}")  # type: ignore[method-assign]
    parser.handle_endtag = lambda tag: expected.append(f"end {tag}")  # type: ignore[method-assign]
    parser.feed(source)
    found = list(tokens(source))
    assert [f"{token.kind} {token.name}" for token in found if token.kind != "text"] == expected
    assert "".join(source[token.start : token.end] for token in found) == source


ADVERSARIAL = [
    "word ", "a", "&amp;", "&", "a\u200b", "\u0301", "a\u0301\u0316\u0336", "🚀", "🇺", "*a ", "**a", "_a", "[", "[a](",
    '](x "', "`a", "\\", "\\*", ">!a ", "||a ", "aо ", "о", "\x00", "\n", "\n   ", "~~a\n", "```\n", "[//]: # x\n",
    "<", "<b>", "<b ", "<a x='", "<!--", "</i>", "<div>", "<b><div>", "<p hidden>a", "<b style='a:((((' >x",
    "<style>a{", "<blockquote>x",
]  # fmt: skip


@pytest.mark.parametrize("text_format", FORMATS)
def test_time_grows_with_length_only(text_format: TextFormat) -> None:
    """From 2,000 to 100,000 characters the cost of one more character never grows sixfold."""
    for shape in ADVERSARIAL:
        short, long = (shape * (size // len(shape)) for size in (2_000, 100_000))
        cost_short = min(_seconds(short, text_format) for _ in range(3)) / len(short)
        cost_long = min(_seconds(long, text_format) for _ in range(2)) / len(long)
        assert cost_long < 6 * cost_short + 1e-7, repr(shape)


def _seconds(source: str, text_format: TextFormat) -> float:
    began = time.process_time()
    make_view(source, text_format=text_format)
    return time.process_time() - began


def test_a_huge_line_with_one_mark_is_seen() -> None:
    source = "x" * 2_500_000 + "&amp;" + "y" * 2_500_000
    view = make_view(source)
    assert view.text[2_500_000] == "&"
    assert view.span(2_500_000, 2_500_001) == (2_500_000, 2_500_005)


@pytest.mark.shared
def test_real_posts_keep_their_letters(shared_folder: Path) -> None:
    """What a view drops from real posts is markup and invisible characters, never words."""
    with gzip.open(shared_folder / "data" / "pool.jsonl.gz", "rt", encoding="utf-8") as lines:
        for _, line in zip(range(5_000), lines, strict=False):
            text = json.loads(line)["text"]
            view = make_view(text)
            if "](" not in text and "&" not in text and not view.hidden and text.isascii():
                assert [c for c in view.text if c.isalnum()] == [c for c in text if c.isalnum()]
