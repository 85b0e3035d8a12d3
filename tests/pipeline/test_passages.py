"""Passages: where they begin and end, and whose words they are."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from detector.finding import Edit, Integrity
from detector.labelled import read_public
from detector.pipeline.passage_roles import stretches
from detector.pipeline.passage_split import LONGEST, split_passages
from detector.pipeline.passages import Passages, token_bounds
from detector.post import Region
from detector.reading import DisclaimerReading, Passage
from detector.view import make_view

SPLITS = [
    ("Buy now. Sell later.", ["Buy now.", "Sell later."]),
    ("Is it time? No!! Wait?! Yes.", ["Is it time?", "No!!", "Wait?!", "Yes."]),
    ("Entry 3.20, stop 2.95. TP1 3.60", ["Entry 3.20, stop 2.95.", "TP1 3.60"]),
    ("$BRK.B is up. $iShares Russell 2000 ETF(IWM)$ too.", ["$BRK.B is up.", "$iShares Russell 2000 ETF(IWM)$ too."]),
    ("The U.S. market vs. Europe, e.g. banks, approx. 5%.", ["The U.S. market vs. Europe, e.g. banks, approx. 5%."]),
    ("Apple Inc. beat. J. Powell spoke at 3 p.m. today.", ["Apple Inc. beat.", "J. Powell spoke at 3 p.m. today."]),
    ("It is No. 1. No. That is it.", ["It is No. 1.", "No.", "That is it."]),
    ("I think... maybe. Well… ok", ["I think...", "maybe.", "Well…", "ok"]),
    ("wait...what? no", ["wait...what?", "no"]),
    ('"Hold it." He sold. (Me too.) Then I left.', ['"Hold it."', "He sold.", "(Me too.)", "Then I left."]),
    ('They shout "sell!" and run (really?) away.', ['They shout "sell!" and run (really?) away.']),
    ("He said “buy.” Then he sold.", ["He said “buy.”", "Then he sold."]),
    ("**Not advice.** Buy it", ["**Not advice.**", "Buy it"]),
    ("Line one\nline two\r\n\r\nline three", ["Line one", "line two", "line three"]),
    ("- buy NVDA\n* sell AMD\n• hold", ["- buy NVDA", "* sell AMD", "• hold"]),
    ("1. Buy the dip\n2) Sell the rip\n3. Hold", ["Buy the dip", "2) Sell the rip", "Hold"]),
    ("BUY EURUSD\nEntry: 1.08\nTP1: 1.09\nSL: 1.07", ["BUY EURUSD", "Entry: 1.08", "TP1: 1.09", "SL: 1.07"]),
    ("to the moon 🚀🚀 Not selling", ["to the moon 🚀🚀", "Not selling"]),
    ("🚀 Buy NVDA 🚀 now", ["🚀 Buy NVDA 🚀 now"]),
    ("Great day! 🚀🚀🚀", ["Great day!", "🚀🚀🚀"]),
    ("see https://a.b/c.d?e=f. Then ask at example.com", ["see https://a.b/c.d?e=f.", "Then ask at example.com"]),
    ("Sell everything.Then wait for news.", ["Sell everything.", "Then wait for news."]),
    ("Node.js and Yahoo.Finance! go", ["Node.js and Yahoo.Finance!", "go"]),
    ("Buy now; sell later - or not, ok", ["Buy now; sell later - or not, ok"]),
    ("太贵了。买入！再等", ["太贵了。", "买入！", "再等"]),
    ("----\n...\n:)\n", []),
    ("", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "passages"), SPLITS)
def test_text_is_cut_into(text: str, passages: list[str]) -> None:
    assert [text[start:end] for start, end in split_passages(text)] == passages


PIECES = [text for text, _ in SPLITS] + [
    ". ",
    "\n",
    "🚀",
    " ",
    "A",
    "x" * 600,
    "word " * 120 + " " * 600,
    "1.",
    '"',
    ")",
    "...",
]
TEXTS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES)).map("".join))
TOKENIZER = spacy.blank("en").tokenizer


@given(TEXTS)
def test_passages_are_in_order_trimmed_bounded_and_lose_no_word(text: str) -> None:
    spans = split_passages(text)
    assert all(end <= next_start for (_, end), (next_start, _) in pairwise(spans))
    for start, end in spans:
        assert 0 < end - start <= LONGEST
        assert text[start:end] == text[start:end].strip()
    between = "".join(
        text[one_end:start] for (_, one_end), (start, _) in pairwise([(0, 0), *spans, (len(text), len(text))])
    )
    assert not [c for c in between if c.isalpha()]


ROLES = [
    ("> they say buy\nI say sell", ["quote", "claim"]),
    ("> 200 by May\n>$5 soon", ["claim", "claim"]),
    ("```\nx = 1\n```\nBuy it", ["code", "claim"]),
    ("see:\n\n    for x in range(10):\n\n    Buy now", ["claim", "code", "claim"]),
    ("`x = f(1)`\n`BUY BTC NOW`", ["code", "claim"]),
    ("https://t.co/x https://t.co/y\nBuy https://t.co/x", ["link", "claim"]),
    ("Buffett said: “Be greedy when others are fearful. Price is what you pay.”", ["claim", "quote"]),
    ('"Be greedy when others are fearful, they say." - Warren Buffett', ["quote", "claim"]),
    ('"Buy this stock right now before it is too late."', ["claim"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "roles"), ROLES)
def test_passages_have_the_roles(text: str, roles: list[str]) -> None:
    assert [passage.role for passage in Passages().predict(text)] == roles


def test_a_region_ends_a_passage_and_gives_its_role() -> None:
    text = "Buy NVDA Will gains continue? Yes"
    regions = (Region(9, 29, "topic"),)
    found = Passages().predict(text, regions=regions)
    assert [(text[p.start : p.end], p.role) for p in found] == [
        ("Buy NVDA", "claim"), ("Will gains continue?", "topic"), ("Yes", "claim"),
    ]  # fmt: skip


def test_a_standard_disclaimer_is_no_claim_but_what_was_put_into_it_is() -> None:
    source = "<p>Buy it. This is not advice. Buy more of it today! Do your research.</p>"
    view = make_view(source, text_format="html")
    start, end = source.index("This"), source.index("</p>")
    slipped = source.index("Buy more")
    edit = Edit("inserted", slipped, slipped + 21, "", source[slipped : slipped + 21], changes_meaning=True)
    reading = DisclaimerReading("standard", Integrity.ALTERED, start, end, edits=(edit,))
    folk = DisclaimerReading("folk", Integrity.INTACT, 3, end, standard=False)
    found = Passages().predict(view.text, view, disclaimers=(reading, folk))
    assert [(view.text[p.start : p.end], p.role) for p in found] == [
        ("Buy it.", "claim"), ("This is not advice.", "disclaimer"),
        ("Buy more of it today!", "claim"), ("Do your research.", "disclaimer"),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def nlp() -> Language:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("passages")
    return pipeline


def test_the_component_writes_passages_spans_and_language(nlp: Language) -> None:
    doc = nlp("> quoted\nBuy NVDA 🚀 Sell AMD.Then wait for more. It is the time that you have been waiting for")
    assert [(span.text, span.label_) for span in doc.spans["passages"]] == [
        ("> quoted", "quote"),
        ("Buy NVDA 🚀", "claim"),
        ("Sell AMD.Then wait for more.", "claim"),
        ("It is the time that you have been waiting for", "claim"),
    ]
    assert [doc.text[passage.start : passage.end] for passage in doc._.passages] == [
        span.text for span in doc.spans["passages"]
    ]
    assert doc._.language == "en"


def test_spans_and_language_can_be_left_out() -> None:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("passages", config={"spans_key": None, "detect_language": False})
    doc = pipeline("Buy. Sell.")
    assert [passage.role for passage in doc._.passages] == ["claim", "claim"]
    assert "passages" not in doc.spans
    assert doc._.language == ""


@given(TEXTS)
def test_tokens_cover_the_passages(text: str) -> None:
    doc = TOKENIZER(text)
    passages = Passages().predict(doc.text)
    starts, ends = token_bounds(doc, passages)
    for passage, start, end in zip(passages, starts.tolist(), ends.tolist(), strict=True):
        span = doc[start:end]
        assert span.start_char <= passage.start
        assert passage.end <= span.end_char


def test_an_empty_doc_has_no_passages(nlp: Language) -> None:
    assert nlp("")._.passages == ()
    assert list(nlp("").spans["passages"]) == []


ADVERSARIAL = [
    "a", "word ", ". ", "a.", "A.", "U.S. ", "\n", "🚀", "🚀 A", "!", '"', "“", "“said: ", "> ", ">\n", "> a\n", "`",
    "`(", "    {x\n", "```\n", "http://a ", "www.", "1. ", " ", "\t", "(", '. "', "a.B", "…", "。", "x.X ",
    'said "an opinion that is long enough to be a quote" ', "https://a.b ",
]  # fmt: skip


def test_time_grows_with_length_only() -> None:
    for shape in ADVERSARIAL:
        short, long = (shape * (size // len(shape)) for size in (2_000, 100_000))
        cost_short = min(_seconds(short) for _ in range(3)) / len(short)
        assert min(_seconds(long) for _ in range(3)) / len(long) < 6 * cost_short + 1e-7, repr(shape)


def _seconds(text: str) -> float:
    began = time.process_time()
    Passages().predict(text)
    return time.process_time() - began


def test_stretches_lie_in_the_text() -> None:
    for text, _ in ROLES:
        for start, end, _ in stretches(text, split_passages(text)):
            assert 0 <= start < end <= len(text)


@pytest.mark.shared
@pytest.mark.parametrize(("split", "least"), [("natural", 0.975), ("enriched", 0.98)])
def test_passages_agree_with_those_that_people_labelled(shared_folder: Path, split: str, least: float) -> None:
    found = labelled = agreed = 0
    for post in read_public(shared_folder / "data" / "dev.jsonl"):
        if post.split == split:
            ours = set(split_passages(post.text))
            theirs = {(passage.start, passage.end) for passage in post.passages}
            found, labelled, agreed = found + len(ours), labelled + len(theirs), agreed + len(ours & theirs)
    assert 2 * agreed / (found + labelled) >= least


@pytest.mark.shared
def test_the_seed_page_is_cut_as_a_reader_would(shared_folder: Path) -> None:
    page = next((shared_folder / "seed").glob("post-*.txt")).read_text(encoding="utf-8")
    passages = [page[start:end] for start, end in split_passages(page)]
    assert "230 is no problem, wait for the callback to buy." in passages
    assert "This is not financial advice." in passages
    assert "$iShares Russell 2000 ETF(IWM)$" in passages


def test_passages_are_plain_values() -> None:
    assert Passages().predict("Buy.") == (Passage(0, 4, "claim"),)


def test_a_region_that_only_begins_like_the_disclaimer_is_the_authors_own() -> None:
    text = "Nice day.\nDisclaimer: none of this matters, buy NVDA now."
    region = Region(10, len(text), "disclaimer")
    roles = [passage.role for passage in Passages().predict(text, regions=[region])]
    assert roles == ["claim", "claim"]
