"""Text with markup as LanguageTool's clients send it: what is read, and where it stands in what they have.

Sources: LanguageTool's ApiV2.java and AnnotatedTextBuilder (read 28 Nov 2026).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import msgspec

from detector.service.languagetool.refusal import Refused
from detector.units import Units


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the client's text: `source` as it stands there, `plain` as it is read ("" for mere markup)."""

    source: str
    plain: str


class Annotated:
    """The parts as one: `source` is the client's whole text, `plain` the one that is checked."""

    def __init__(self, parts: Iterable[Part]) -> None:
        kept = [part for part in parts if part.source or part.plain]
        self.source = "".join(part.source for part in kept)
        self.plain = "".join(part.plain for part in kept)
        starts = accumulate((len(part.source) for part in kept), initial=0)
        read = [(part, start) for part, start in zip(kept, starts, strict=False) if part.plain]
        self._parts = [part for part, _ in read]
        self._sources = [start for _, start in read]
        self._plains = [0, *accumulate(len(part.plain) for part in self._parts)]
        self._units = Units(self.source, "utf16")

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `start:end` of the plain text stands in the source, both in code points.

        Markup around the words is left out, markup between them is inside; words that stand for markup mean all of it.
        """
        first = self._from(start)
        return first, max(first, self._to(end)) if end > start else first

    def utf16(self, offset: int) -> int:
        """A source offset in UTF-16 code units, as clients count."""
        return self._units.from_code_points(offset)

    def _from(self, offset: int) -> int:
        index = bisect_right(self._plains, offset) - 1
        if index >= len(self._parts):
            return self._to(offset)
        part, inside = self._parts[index], offset - self._plains[index]
        return self._sources[index] + (inside if part.plain == part.source else 0)

    def _to(self, offset: int) -> int:
        index = bisect_left(self._plains, offset) - 1
        if index < 0:
            return 0
        part, inside = self._parts[index], offset - self._plains[index]
        return self._sources[index] + (inside if part.plain == part.source else len(part.source))


def annotated_text(text: str | None, data: str | None) -> Annotated:
    """What the client wants checked, from its parameters `text` or `data`. Raises `Refused`."""
    if text is not None and data is not None:
        raise Refused(400, "Set only 'text' or 'data' parameter, not both")
    if text is not None:
        return Annotated([Part(text, text)])
    if data is None:
        raise Refused(400, "Missing 'text' or 'data' parameter")
    return Annotated(_parts(_parsed(data)))


def _parsed(data: str) -> dict[str, Any]:
    try:
        parsed = msgspec.json.decode(data)
    except msgspec.DecodeError as error:
        raise Refused(400, "Could not parse JSON from 'data' parameter") from error
    if not isinstance(parsed, dict):
        raise Refused(400, "'data' key in JSON requires 'text' or 'annotation' key")
    return parsed


def _parts(data: dict[str, Any]) -> Iterable[Part]:
    text, annotation = data.get("text"), data.get("annotation")
    if text is not None and annotation is not None:
        raise Refused(400, "'data' key in JSON requires either 'text' or 'annotation' key, not both")
    if isinstance(text, str):
        return [Part(text, text)]
    if isinstance(annotation, list):
        return [_part(item) for item in annotation]
    raise Refused(400, "'data' key in JSON requires 'text' or 'annotation' key")


def _part(item: object) -> Part:
    """One object of `annotation`; which keys may stand together is LanguageTool's own rule."""
    if not isinstance(item, dict) or not all(
        isinstance(item.get(key, ""), str) for key in ("text", "markup", "interpretAs")
    ):
        raise Refused(400, "Only 'text' and 'markup' are supported in 'annotation' list, as strings")
    if "text" in item and "markup" in item:
        raise Refused(400, "Only either 'text' or 'markup' are supported in an object in 'annotation' list, not both")
    if "text" in item and "interpretAs" in item:
        raise Refused(400, "'text' cannot be used with 'interpretAs' (only 'markup' can)")
    if "text" in item:
        return Part(item["text"], item["text"])
    if "markup" in item:
        return Part(item["markup"], item.get("interpretAs", ""))
    raise Refused(400, "Only 'text' and 'markup' are supported in 'annotation' list")
