"""Tampers written by hand: found, called by their right name, and set right again."""

import re

import pytest
from handmade_edits import EDITS, Case
from handmade_posts import POSTS, Post
from handmade_silence import SILENT

from detector.finding import Integrity
from detector.pipeline.disclaimers import Disclaimers
from detector.reading import DisclaimerReading
from detector.registry import load_registry
from detector.view import make_view

REGISTRY = load_registry()
COMPONENT = Disclaimers(REGISTRY)
HARMLESS = {"synonym", "typo", "punctuation", "disguised"}
EITHER_WAY = {"reordered", "punctuation"}  # "?" and a moved "not" change the meaning, a comma does not
NAMES = {
    "ttm": "ttm-community", "crypto": "uk-crypto", "nrrs": "uk-nrrs", "cfd": "uk-cfd", "mica": "eu-mica",
    "india": "in-securities-market",
}  # fmt: skip
BEFORE, AFTER = "IWM looks ready to run.\n\n", "\n\nWhat do you think?"


def tampered(case: Case) -> str:
    name, old, new, _ = case
    wording = REGISTRY[name].filled
    assert wording.count(old) >= 1, old
    return wording.replace(old, new, 1)


def read(text: str) -> list[DisclaimerReading]:
    view = make_view(text, text_format="markdown" if "~~" in text else "plain")
    return [reading for reading in COMPONENT.predict(view) if reading.standard]


@pytest.mark.parametrize("case", EDITS, ids=lambda case: f"{case[0]}: {case[1]} > {case[2]}")
@pytest.mark.parametrize(("before", "after"), [("", ""), (BEFORE, AFTER)], ids=["alone", "in a post"])
def test_the_decisive_edit_comes_first(case: Case, before: str, after: str) -> None:
    (reading,) = read(before + tampered(case) + after)
    assert reading.id == case[0]
    assert {Integrity.ALTERED, Integrity.TRUNCATED} & set(reading.states)
    first, wanted = reading.edits[0], case[3]
    assert first.edit_class in wanted.strip("~").split(), reading.edits
    if first.edit_class not in EITHER_WAY and not ("😂" in case[2] or "🚀" in case[2]):
        assert first.changes_meaning == (first.edit_class not in HARMLESS and "~" not in wanted), reading.edits


@pytest.mark.parametrize("case", EDITS, ids=lambda case: f"{case[0]}: {case[1]} > {case[2]}")
def test_the_fix_sets_it_right(case: Case) -> None:
    text = BEFORE + tampered(case) + AFTER
    (reading,) = read(text)
    if reading.fix is None:  # what filled a slot is not ours to guess
        assert REGISTRY[reading.id].slots
        return
    (fixed,) = read(text[: reading.fix.start] + reading.fix.replacement + text[reading.fix.end :])
    assert (fixed.id, fixed.integrity) == (case[0], Integrity.INTACT)


def test_there_are_many() -> None:
    assert len(set(EDITS)) == len(EDITS) > 200
    assert len(set(SILENT)) > 60


def written(text: str) -> str:
    """The post with its wordings put in, those with a length cut there."""
    return re.sub(r"\{(\w+)(?::(\d+))?\}", lambda name: REGISTRY[NAMES[name[1]]].filled[: _length(name[2])], text)


def _length(digits: str | None) -> int | None:
    return int(digits) if digits else None


@pytest.mark.parametrize("post", POSTS, ids=lambda post: f"{post[0][:60]} ({post[1]})")
def test_states_of_whole_posts(post: Post) -> None:
    text, text_format, wanted = post
    found = [
        " ".join(sorted(reading.states))
        for reading in COMPONENT.predict(make_view(written(text), text_format=text_format))
        if reading.standard
    ]
    assert any(found == [" ".join(sorted(one.split()))] * bool(one) for one in wanted.split("|")), found


@pytest.mark.parametrize("text", SILENT)
def test_what_is_no_disclaimer_of_ours_is_silent(text: str) -> None:
    everything = Disclaimers(REGISTRY, ids=[entry.id for entry in REGISTRY])
    plain = {Integrity.INTACT, Integrity.REFORMATTED}
    assert [
        reading for reading in everything.predict(make_view(text)) if reading.standard or set(reading.states) - plain
    ] == []
