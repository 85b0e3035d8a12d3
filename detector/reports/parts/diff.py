"""A disclaimer's edits as a word diff in context: what was there, what should have been."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from detector.finding import Edit
from detector.registry.segments import spaced

CONTEXT = 60
LONGEST = 400
PIECES = 200

Change = Literal["same", "gap", "deleted", "inserted"]


class Piece(NamedTuple):
    """A stretch of the diff; `note` says in a word what an edit did, `harm` that it changes the meaning."""

    change: Change
    words: str
    note: str = ""
    harm: bool = False


def word_diff(text: str, edits: Sequence[Edit], *, start: int = 0, end: int | None = None) -> list[Piece]:
    """Registered words that are gone and words that were put in, each with its surroundings in `text`.

    Surroundings stay within `start:end`, where the disclaimer stands (or as far as an edit reaches).
    """
    pieces: list[Piece] = []
    at = None
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        pieces += _before(text, at, edit.start, start=min(start, edit.start))
        pieces += _changes(text, edit)
        at = max(edit.end, at or 0)
        if len(pieces) > PIECES:
            return [*pieces, Piece("gap", "…")]
    if at is not None:
        pieces += _after(text, at, max(at, len(text) if end is None else end))
    return pieces


def _changes(text: str, edit: Edit) -> Iterator[Piece]:
    """What is gone, then what was put in; two words side by side would read as one without a space between."""
    if edit.expected:
        gone = edit.expected
        if edit.found:
            gone = _short(gone) + ("" if gone[-1].isspace() else " ")
        elif gone == gone.strip():
            gone = spaced(text, edit, edit.start, edit.end)
        yield Piece("deleted", _short(gone), edit.edit_class, edit.changes_meaning)
    if edit.found:
        yield Piece("inserted", _short(edit.found), edit.edit_class, edit.changes_meaning)


def _before(text: str, at: int | None, limit: int, *, start: int) -> Iterator[Piece]:
    """Words from the last edit (or from `start`) up to the next one, shortened in the middle."""
    begin = start if at is None else at
    if limit - begin <= 2 * CONTEXT:
        if limit > begin:
            yield Piece("same", text[begin:limit])
        return
    if at is not None:
        yield from _after(text, at, limit)
    else:
        yield Piece("gap", "…")
    yield Piece("same", text[_word_start(text, limit - CONTEXT, limit) : limit])


def _after(text: str, at: int, limit: int) -> Iterator[Piece]:
    """Words after an edit, up to `limit`, cut at a word's end."""
    right = limit
    if limit - at > CONTEXT:
        right = next((place for place in range(at + CONTEXT, at, -1) if text[place].isspace()), at + CONTEXT)
    if right > at:
        yield Piece("same", text[at:right])
    if right < limit:
        yield Piece("gap", "…")


def _word_start(text: str, left: int, right: int) -> int:
    """The next word's start, so that context never opens with half a word."""
    return next((place for place in range(left, right) if text[place - 1].isspace()), left)


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else words[:LONGEST] + "…"
