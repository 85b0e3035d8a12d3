"""What holds for every disclaimer and every way of changing it."""

import html
import random
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import AFTER, BEFORE, TAMPERS, dice

from detector.finding import Integrity
from detector.pipeline.disclaimers import Disclaimers
from detector.post import TextFormat
from detector.reading import DisclaimerReading
from detector.registry import Disclaimer, load_registry
from detector.registry.segments import segments
from detector.view import make_view

REGISTRY = load_registry([Path(__file__).parent / "platform"])
COMPONENT = Disclaimers(REGISTRY, ids=[entry.id for entry in REGISTRY])
ENTRIES = [entry for entry in REGISTRY if entry.match == "altered"]
SAME = {Integrity.INTACT, Integrity.REFORMATTED}

entries = st.sampled_from(ENTRIES)
seeds = st.integers(0, 2**32)
Reformatting = Callable[[str, random.Random], str]


def somewhere(pattern: str, *replacements: str) -> Reformatting:
    """Replace about half of what matches."""

    def reformat(text: str, rng: random.Random) -> str:
        return re.sub(pattern, lambda match: rng.choice((match.group(), *replacements)), text)

    return reformat


PLAIN: tuple[Reformatting, ...] = (
    lambda text, _: text.upper(),
    lambda text, _: text.lower(),
    lambda text, _: unicodedata.normalize("NFD", text),
    lambda text, _: text.replace("a", "ａ").replace("T", "Ｔ"),
    lambda text, _: f"**{text}**",
    lambda text, _: f"\n\n  {text}  \n",
    somewhere(r" ", "  ", "\n", "\t", "\u00a0", "\u2009"),
    somewhere(r"'", "’", "ʼ"),
    somewhere(r"-", "\u2010", "\u2011"),
    somewhere(r"(?<=[.:]) (?=\w)", "\n- ", "\n* ", "\n\n"),
)
HTML: tuple[Reformatting, ...] = (
    lambda text, _: html.escape(text),
    lambda text, _: "".join(f"&#{ord(char)};" if char in "abc'" else char for char in text),
    lambda text, _: f"<p><b>{text}</b></p>",
    somewhere(r" ", " <br>", "&nbsp;", "\n", " <i></i>"),
    somewhere(r"(?<=[.:]) ", "</p><p>", "<br/>"),
)


def read(text: str, entry: Disclaimer, text_format: TextFormat = "plain") -> DisclaimerReading | None:
    readings = COMPONENT.predict(make_view(text, text_format=text_format))
    return next((reading for reading in readings if reading.id == entry.id), None)


@given(entry=entries, chain=st.lists(st.sampled_from(PLAIN), max_size=5, unique=True), seed=seeds)
@settings(max_examples=200, deadline=None)
def test_allowed_reformatting_is_no_change(entry: Disclaimer, chain: list[Reformatting], seed: int) -> None:
    rng = dice(seed)
    text = entry.filled
    for reformat in chain:
        text = reformat(text, rng)
    reading = read(rng.choice(BEFORE) + text + rng.choice(AFTER), entry)
    assert reading is not None
    assert reading.integrity in SAME, (text, reading)
    assert reading.edits == ()


@given(entry=entries, chain=st.lists(st.sampled_from(HTML[1:]), max_size=4, unique=True), seed=seeds)
@settings(max_examples=100, deadline=None)
def test_allowed_markup_is_no_change(entry: Disclaimer, chain: list[Reformatting], seed: int) -> None:
    rng = dice(seed)
    text = HTML[0](entry.filled, rng)
    for reformat in sorted(chain, key=HTML.index):
        text = reformat(text, rng)
    reading = read(f"<div>{text}</div>", entry, "html")
    assert reading is not None
    assert reading.integrity in SAME, (text, reading)


@given(entry=entries)
def test_the_registered_text_is_intact(entry: Disclaimer) -> None:
    reading = read(entry.filled, entry)
    assert reading is not None
    assert (reading.integrity, reading.start, reading.end) == (Integrity.INTACT, 0, len(entry.filled))


tampered = st.tuples(entries, st.sampled_from(TAMPERS), seeds)


@given(tampered)
@settings(max_examples=300, deadline=None)
def test_a_change_of_meaning_is_never_called_formatting(case: tuple[Disclaimer, tuple, int]) -> None:
    entry, (label, tamper, _, _, meaning), seed = case
    text = tamper(entry.filled, dice(seed))
    if text is None or not meaning or not all(slot.example in text for slot in entry.slots.values()):
        return
    for reading in COMPONENT.predict(make_view(text)):
        assert reading.integrity not in SAME or reading.id != entry.id, (label, text)


@given(entry=entries, data=st.data())
@settings(max_examples=200, deadline=None)
def test_a_missing_word_is_never_called_formatting(entry: Disclaimer, data: st.DataObject) -> None:
    words = list(re.finditer(r"\w+", entry.filled))
    word = data.draw(st.sampled_from(words))
    text = entry.filled[: word.start()] + entry.filled[word.end() :]
    free = any(word.group() in slot.example for slot in entry.slots.values())
    reading = read(text, entry)
    assert free or reading is None or reading.integrity not in SAME


@given(tampered, st.sampled_from(BEFORE), st.sampled_from(AFTER))
@settings(max_examples=300, deadline=None)
def test_offsets_name_what_they_say(case: tuple[Disclaimer, tuple, int], before: str, after: str) -> None:
    entry, (_, tamper, *_), seed = case
    source = before + (tamper(entry.filled, dice(seed)) or entry.filled) + after
    for reading in COMPONENT.predict(make_view(source)):
        assert 0 <= reading.start <= reading.end <= len(source)
        for edit in reading.edits:
            assert source[edit.start : edit.end] == edit.found
            assert reading.start <= edit.start <= edit.end <= reading.end
        meanings = [edit.changes_meaning for edit in reading.edits]
        assert meanings == sorted(meanings, reverse=True)


@given(
    entry=st.sampled_from([entry for entry in ENTRIES if not entry.slots]),
    before=st.sampled_from(
        [("<p>Salt &amp; pepper &#8212; <b>go</b>.</p>", "html"), ("Z\u200bw🚀 e\u0301 ﬁ…\n\n", "plain")]
    ),
    data=st.data(),
)
@settings(max_examples=200, deadline=None)
def test_an_edit_stands_where_the_change_was_made(
    entry: Disclaimer, before: tuple[str, TextFormat], data: st.DataObject
) -> None:
    """In texts of which the view has other offsets than the source."""
    word = data.draw(st.sampled_from(list(re.finditer(r"\w+", entry.wording))[1:-6]))
    source = before[0] + entry.wording[: word.start()] + "zebra" + entry.wording[word.end() :]
    reading = read(source, entry, before[1])
    assert reading is not None
    assert (reading.start, reading.end) == (len(before[0]), len(source))
    (edit,) = (edit for edit in reading.edits if "zebra" in edit.found)
    at = len(before[0]) + word.start()
    assert edit.start <= at < at + len("zebra") <= edit.end
    assert edit.found.strip("-'’") == source[edit.start : edit.end].strip("-'’")
    assert set(edit.expected) >= set(word.group())


@given(tampered)
@settings(max_examples=300, deadline=None)
def test_the_diff_gives_both_texts(case: tuple[Disclaimer, tuple, int]) -> None:
    entry, (_, tamper, *_), seed = case
    source = tamper(entry.filled, dice(seed)) or entry.filled
    reading = read(source, entry)
    if reading is None or reading.variant != "full" or reading.version != entry.versions[-1].name or entry.slots:
        return
    parts = segments(source[reading.start : reading.end], reading.edits, start=reading.start)
    assert "".join(part.text for part in parts if part.operation != "removed") == source[reading.start : reading.end]
    registered = "".join(part.text for part in parts if part.operation != "added")
    folded = unicodedata.normalize("NFKC", registered)
    assert "".join(folded.split()) == "".join(entry.wording.split()), parts


@given(tampered, st.sampled_from(BEFORE), st.sampled_from(AFTER))
@settings(max_examples=200, deadline=None)
def test_the_fix_restores_the_text(case: tuple[Disclaimer, tuple, int], before: str, after: str) -> None:
    entry, (_, tamper, *_), seed = case
    source = before + (tamper(entry.filled, dice(seed)) or entry.filled) + after
    reading = read(source, entry)
    if reading is None or reading.fix is None:
        return
    fixed = source[: reading.fix.start] + reading.fix.replacement + source[reading.fix.end :]
    again = read(fixed, entry)
    assert again is not None
    assert again.integrity is Integrity.INTACT, (fixed, again)


@given(st.text(max_size=300), entries, st.text(max_size=50))
@settings(max_examples=200, deadline=None)
def test_no_text_is_too_odd(before: str, entry: Disclaimer, after: str) -> None:
    source = before + entry.filled[: len(entry.filled) * 2 // 3] + after + entry.filled[10:] + before
    for text_format in ("plain", "markdown", "html"):
        for reading in COMPONENT.predict(make_view(source, text_format=text_format)):
            assert 0 <= reading.start <= reading.end <= len(source)
            assert all(source[edit.start : edit.end] == edit.found for edit in reading.edits)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_the_nearest_text_wins(entry: Disclaimer) -> None:
    assert [reading.id for reading in COMPONENT.predict(make_view(entry.filled))] == [entry.id]
