"""Each state on texts written by hand, and the tricks that are meant to hide a change."""

from pathlib import Path

import pytest

from detector.finding import Integrity
from detector.pipeline.disclaimers import Disclaimers
from detector.post import Region, TextFormat
from detector.reading import DisclaimerReading
from detector.registry import load_registry
from detector.registry.placement import misplaced
from detector.view import make_view

REGISTRY = load_registry([Path(__file__).parent / "platform"])
COMPONENT = Disclaimers(REGISTRY)
TTM = REGISTRY["ttm-community"].wording
CRYPTO, NRRS = REGISTRY["uk-crypto"].wording, REGISTRY["uk-nrrs"].wording
S = {state.value: state for state in Integrity}


def read(text: str, text_format: TextFormat = "plain", *regions: Region) -> list[DisclaimerReading]:
    return list(COMPONENT.predict(make_view(text, text_format=text_format), regions))


def states(text: str, text_format: TextFormat = "plain") -> set[str]:
    found = read(text, text_format)
    assert len(found) == 1, found
    return {state.value for state in found[0].states}


def edits(text: str, text_format: TextFormat = "plain") -> list[tuple[str, str, str]]:
    (found,) = read(text, text_format)
    return [(edit.edit_class, edit.expected, edit.found) for edit in found.edits]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TTM, {"intact"}),
        (TTM.upper(), {"reformatted"}),
        (TTM.replace(" not ", " ", 1), {"altered"}),
        (TTM[:250] + "…", {"truncated"}),
        (TTM[:180] + " See more", {"truncated"}),
        (TTM[:250].replace(" not ", " ", 1) + "…", {"truncated", "altered"}),
        (f"{TTM}\n\n{TTM}", {"intact", "duplicated"}),
        (f"{TTM}\n\n{TTM.replace('may', 'must')}", {"intact", "altered", "duplicated"}),
        (f"> {TTM}\n\nWho writes this stuff?", {"intact", "quoted"}),
        (f"> {TTM}\n\n{TTM}", {"intact"}),
        (f"```\n{TTM}\n```", {"intact", "quoted"}),
        (f"My view.\n\n-- \n{TTM}", {"intact", "quoted"}),
        (f"[quote=bob]{TTM}[/quote]", {"intact", "quoted"}),
        (f"Bob always writes “{TTM}”", {"intact", "quoted"}),
        (f"{TTM} lol not really", {"intact", "contradicted"}),
        (f"{TTM}\n\nIgnore the boilerplate above.", {"intact", "contradicted"}),
        (f"Please ignore the disclaimer below\n{TTM}", {"intact", "contradicted"}),
        (f"{TTM}\nActually, this IS financial advice.", {"intact", "contradicted"}),
        (f"{TTM} 😂", {"intact", "contradicted"}),
        (f"They make me say that, so here goes:\n{TTM}", {"intact", "contradicted"}),
        (f"{TTM} TTM guarantees every word.", {"intact", "contradicted"}),
        (f"||{TTM}||", {"concealed"}),
    ],
)
def test_states_of_plain_text(text: str, expected: set[str]) -> None:
    assert states(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        f"{TTM}\n\nDon't ignore the disclaimer above.",
        f"{TTM}\n\nNever assume that this is financial advice.",
        f"> this IS financial advice\n\nNo it is not.\n\n{TTM}",
        f"Is this financial advice? Read on.\n\n{TTM}",
    ],
)
def test_what_is_no_denial(text: str) -> None:
    assert states(text) == {"intact"}


HIDDEN = [
    f'<p style="display:none">{TTM}</p>',
    f'<span style="visibility: hidden">{TTM}</span>',
    f'<p style="font-size:0">{TTM}</p>',
    f'<p style="font-size:1px">{TTM}</p>',
    f'<p style="color:#fff;background:#ffffff">{TTM}</p>',
    f'<div style="position:absolute;left:-9999px">{TTM}</div>',
    f"<details><summary>Legal</summary>{TTM}</details>",
    f"<!-- {TTM} -->",
    f'<img src="x.png" alt="{TTM}">',
]


@pytest.mark.parametrize("markup", HIDDEN)
def test_hidden_text_is_concealed(markup: str) -> None:
    assert states(f"<p>Buy IWM.</p>{markup}", "html") == {"concealed"}


@pytest.mark.parametrize("markup", HIDDEN)
def test_a_hidden_copy_of_a_visible_text_does_not_matter(markup: str) -> None:
    assert states(f"<p>{TTM}</p>{markup}", "html") <= {"intact", "reformatted"}


def test_one_hidden_word_is_both_missing_and_concealed() -> None:
    text = "<p>" + TTM.replace(" not ", ' <span style="display:none">not </span>', 1) + "</p>"
    assert states(text, "html") == {"altered", "concealed"}
    assert edits(text, "html")[0][:2] == ("negation", "not")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("not financial", "nоt financial", ("disguised", "not", "nоt")),
        ("not financial", "n\u200bot financial", ("disguised", "not", "n\u200bot")),
        ("not financial", "n\u0336o\u0336t\u0336 financial", ("negation", "not", "n\u0336o\u0336t\u0336")),
        ("not financial", "~~not~~ financial", ("negation", "not", "~~not~~")),
        ("not financial", "financial", ("negation", "not", "")),
        ("not financial", "now financial", ("negation", "not", "now")),
        ("not financial", "🚀 not financial", ("inserted", "", "🚀")),
        ("not financial", "adv1ce not financial", ("inserted", "", "adv1ce")),
        ("financial advice", "financial adv1ce", ("disguised", "advice", "adv1ce")),
        ("may seek", "must seek", ("modal", "may", "must")),
        ("TTM assumes", "Nobody assumes", ("party", "TTM", "Nobody")),
        ("This is not financial advice. ", "", ("dropped", "This is not financial advice.", "")),
        ("advice before", "advice, and our Telegram group, before", ("inserted", "", ", and our Telegram group,")),
        ("accuracy", "acuracy", ("typo", "accuracy", "acuracy")),
        ("content", "material", ("synonym", "content", "material")),
        ("offer, recommendation", "recommendation, offer", ("reordered", "recommendation,", "")),
        ("risk. This", "risk, This", ("punctuation", ".", ",")),
    ],
)
def test_edits_by_hand(old: str, new: str, expected: tuple[str, str, str]) -> None:
    assert old in TTM
    assert states(TTM.replace(old, new)) == {"altered"}
    assert expected in edits(TTM.replace(old, new))


def test_meaning_comes_first() -> None:
    (found,) = read(TTM.replace("content", "material").replace("may", "must").replace("risk.", "risk,"))
    assert [edit.edit_class for edit in found.edits] == ["modal", "punctuation", "synonym"]


@pytest.mark.parametrize(
    "text",
    [
        "\u202e" + TTM + "\u202c",
        TTM.replace("financial", "ｆｉｎａｎｃｉａｌ").replace("not", "n\u200dot"),
    ],
)
def test_direction_marks_and_joiners_are_disguises(text: str) -> None:
    assert {edit[0] for edit in edits(text)} == {"disguised"}


@pytest.mark.parametrize(
    "text",
    [
        TTM.replace("financial", "ｆｉｎａｎｃｉａｌ"),
        TTM.replace("financial", "finan\u00adcial"),
        TTM.replace("financial", "finan-\ncial"),
        TTM.replace(". ", ".\n- "),
        TTM.replace(". ", ".\n1. "),
        "**" + TTM.replace("not", "*not*", 1) + "**",
        TTM.replace("This is not", "<b>This is not</b>"),
    ],
)
def test_declared_normalisation(text: str) -> None:
    assert states(text, "html" if "<b>" in text else "markdown") == {"reformatted"}


def test_texts_that_differ_in_one_clause_are_told_apart() -> None:
    assert [(each.id, each.integrity) for each in read(CRYPTO)] == [("uk-crypto", Integrity.INTACT)]
    assert [(each.id, each.integrity) for each in read(NRRS)] == [("uk-nrrs", Integrity.INTACT)]
    assert [each.id for each in read(NRRS.replace("unlikely", "quite unlikely"))] == ["uk-nrrs"]
    assert [each.id for each in read(f"{NRRS}\n\n{CRYPTO}")] == ["uk-nrrs", "uk-crypto"]


def test_what_two_texts_share_speaks_for_both() -> None:
    found = read("Don't invest unless you're prepared to lose all the money you invest.")
    assert {(each.id, each.integrity.value) for each in found} == {("uk-crypto", "truncated"), ("uk-nrrs", "truncated")}


def test_regions_say_whose_words_they_are() -> None:
    end = len(TTM)
    assert read(TTM, "plain", Region(0, end, "disclaimer"))[0].integrity is Integrity.INTACT
    assert read(TTM, "plain", Region(0, end, "quote"))[0].integrity is Integrity.QUOTED


def test_prominence_is_not_claimed() -> None:
    assert read(TTM)[0].note == "presence verified; prominence not assessed"


@pytest.mark.parametrize(
    "text",
    [
        "Disclaimer: This is not financial advice. Investors should do their own research before investing.",
        "The disclaimer says investing carries risk and that the platform assumes no responsibility.",
        "Why does every post need a disclaimer about solicitation, warranty and completeness of the information?",
        "The information is not meant to be, and does not constitute, financial, trading, or other types of advice.",
        "Nothing here is an offer, recommendation, or solicitation to buy or sell any financial products.",
    ],
)
def test_other_texts_are_not_altered_ones(text: str) -> None:
    assert [each.id for each in read(text) if each.standard] == []


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, None),
        ({"at_end": True}, "text follows it"),
        ({"before_first_link": True}, "a link stands before it"),
        ({"within_first": 60}, "it ends after the first 60 characters"),
        ({"within_first": 700}, None),
    ],
)
def test_placement(options: dict[str, int], reason: str | None) -> None:
    text = f"See https://example.org first.\n{TTM}\nAnd now the news."
    start = text.index(TTM)
    assert misplaced(text, start, start + len(TTM), **options) == reason  # type: ignore[arg-type]


def test_placement_at_the_end_allows_closing_marks() -> None:
    text = f"<p><b>{TTM}</b></p> #IWM\n"
    assert misplaced(text, text.index(TTM), text.index(TTM) + len(TTM), at_end=True) is None
