"""Offsets in UTF-16 code units, UTF-8 bytes, lines and columns."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.units import Position, Unit, Units

TEXTS = st.text(st.one_of(st.characters(exclude_categories=()), st.sampled_from("a\r\n🚀é€\ud800")), max_size=40)
ENCODINGS: dict[Unit, tuple[str, int]] = {
    "code_points": ("utf-32-le", 4),
    "utf16": ("utf-16-le", 2),
    "utf8": ("utf-8", 1),
}
UNITS = st.sampled_from(sorted(ENCODINGS))


def encoded_length(text: str, unit: Unit) -> int:
    codec, width = ENCODINGS[unit]
    return len(text.encode(codec, "surrogatepass")) // width


def test_an_emoji_shifts_the_columns_after_it() -> None:
    text = "to the 🚀 moon\nbuy €5"
    assert Units(text, "utf16").position(9) == Position(0, 10)
    assert Units(text, "utf8").position(text.index("5")) == Position(1, 7)
    assert Units(text, "code_points").position(text.index("5")) == Position(1, 5)
    assert Units(text, "utf16").offset(Position(0, 8)) == 7  # inside the pair: the emoji itself


@pytest.mark.parametrize("unit", sorted(ENCODINGS))
def test_places_that_do_not_exist_end_the_line_or_the_text(unit: Unit) -> None:
    units = Units("ab\r\ncd\re", unit)
    assert units.offset(Position(0, 99)) == 2
    assert units.offset(Position(1, 99)) == 6
    assert units.offset(Position(9, 0)) == 8
    assert units.to_code_points(99) == 8


@given(TEXTS, UNITS)
def test_units_are_those_of_the_encoding(text: str, unit: Unit) -> None:
    units = Units(text, unit)
    for offset in range(len(text) + 1):
        assert units.from_code_points(offset) == encoded_length(text[:offset], unit)


@given(TEXTS, UNITS)
def test_there_and_back(text: str, unit: Unit) -> None:
    units = Units(text, unit)
    for offset in range(len(text) + 1):
        assert units.to_code_points(units.from_code_points(offset)) == offset
        if not (text[offset - 1 : offset] == "\r" and text[offset : offset + 1] == "\n"):
            assert units.offset(units.position(offset)) == offset


@given(TEXTS, UNITS)
def test_units_inside_a_character_mean_that_character(text: str, unit: Unit) -> None:
    units = Units(text, unit)
    for place in range(encoded_length(text, unit) + 1):
        offset = units.to_code_points(place)
        assert units.from_code_points(offset) <= place
        assert offset == len(text) or place < units.from_code_points(offset + 1)


@given(TEXTS)
def test_lines_are_those_of_an_editor(text: str) -> None:
    units = Units(text, "code_points")
    lines = re.split(r"\r\n|\r|\n", text)
    assert units.position(len(text)) == Position(len(lines) - 1, len(lines[-1]))


def test_many_places_in_a_long_text_are_cheap() -> None:
    text = "🚀é" * 500_000
    units = Units(text, "utf16")
    began = time.process_time()
    for offset in range(0, len(text), 100):
        units.to_code_points(units.from_code_points(offset))
    assert time.process_time() - began < 1  # 10,000 places; converting each from the start takes minutes
