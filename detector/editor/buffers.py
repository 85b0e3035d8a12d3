"""The documents that an editor has open: their text as the editor sees it, change by change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.uris import to_fs_path

from detector.document import document, text_format_of
from detector.pipeline.pieces import Memory
from detector.post import Post, TextFormat
from detector.units import Position, Unit, Units

UNITS: dict[str, Unit] = {"utf-8": "utf8", "utf-16": "utf16", "utf-32": "code_points"}
LANGUAGES: dict[str, TextFormat] = {
    "markdown": "markdown", "mdx": "markdown", "quarto": "markdown", "rmd": "markdown", "pandoc": "markdown",
    "html": "html", "xhtml": "html", "plaintext": "plain", "text": "plain", "txt": "plain",
}  # fmt: skip


@dataclass(frozen=True)
class State:
    """A document at one time. `serial` counts its states, whatever version numbers the editor gives."""

    uri: str
    text_format: TextFormat
    unit: Unit
    text: str
    version: int | None
    serial: int = 0

    @property
    def path(self) -> Path | None:
        """Where it lies, if it is a file."""
        path = to_fs_path(self.uri) if self.uri.startswith("file:") else None
        return Path(path) if path else None

    @cached_property
    def units(self) -> Units:
        """Offsets in the text as the editor counts them."""
        return Units(self.text, self.unit)

    @cached_property
    def post(self) -> Post:
        """The text as the engine takes it."""
        return document(self.text, name=str(self.path or self.uri), text_format=self.text_format)

    def offset(self, position: types.Position) -> int:
        """The code point at a place of the editor's."""
        return self.units.offset(Position(position.line, position.character))

    def stretch(self, start: int, end: int) -> types.Range:
        """A stretch of code points as the editor counts."""
        first, last = self.units.position(start), self.units.position(end)
        return types.Range(types.Position(*first), types.Position(*last))

    def changed(self, changes: Sequence[types.TextDocumentContentChangeEvent], version: int | None) -> State:
        """The state after what the editor says it changed; each change speaks of the text after the one before."""
        state = self
        for each in changes:
            text = each.text
            if isinstance(each, types.TextDocumentContentChangePartial):
                start, end = sorted((state.offset(each.range.start), state.offset(each.range.end)))
                text = state.text[:start] + each.text + state.text[end:]
            state = replace(state, text=text)
        return replace(state, version=version, serial=self.serial + 1)


@dataclass(slots=True)
class Buffer:
    """One open document: its present state, and what is known of it."""

    state: State
    memory: Memory = field(default_factory=Memory)
    results: dict[str, Any] = field(default_factory=dict)

    def change(self, changes: Sequence[types.TextDocumentContentChangeEvent], version: int | None) -> None:
        """Go on to the next state, in one step for whoever looks from another thread."""
        self.state = self.state.changed(changes, version)


def make_buffer(item: types.TextDocumentItem, unit: Unit) -> Buffer:
    """A document that was just opened; its language decides how it is read, else its name."""
    known = LANGUAGES.get(item.language_id.lower())
    return Buffer(State(item.uri, known or text_format_of(item.uri), unit, item.text, item.version))
