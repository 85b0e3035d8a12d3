"""Elements of arrays in a JSON document of any size: each is cut out as bytes and decoded on its own.

So memory does not grow with the document, and one broken element does not cost the others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from detector.errors import InputError
from detector.post import Post, Rejected
from detector.readers.base.contract import Source
from detector.readers.base.json_values import decode_object, gives_twice, json_lines
from detector.readers.base.lines import utf8_stream

CHUNK_BYTES = 256 * 1024
DEEPEST = 100
BACKSLASH = ord("\\")
MOST_CONTEXT = 1000
ROOT = ""
"""Names the array that is the whole document."""
ANY = "*"
"""Names every array that stands directly in the object that is the whole document."""

_DEPTH = {b"{": 1, b"[": 1, b"}": -1, b"]": -1}
_STRING = rb'"(?:[^"\\]++|\\.)*+"?'
_INSIDE = re.compile(_STRING + rb"|[{}\[\]]", re.DOTALL)
_OUTSIDE = re.compile(rb"(" + _STRING + rb")\s*+(:)?|[{}\[\]]|[-+.\w]++", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Item:
    """An element: its number from 1, its bytes, its value, and the plain values around its array.

    `context` has dotted names: `channel.name` is the key `name` of the object under `channel`. It is
    true until the next element is asked for.
    """

    number: int
    data: bytes
    value: dict[str, Any]
    context: Mapping[str, str]


def json_items(
    source: Source, *arrays: str, repair: Callable[[bytes], bytes] | None = None
) -> Iterator[Item | Rejected]:
    """Every element of the arrays under the keys `arrays`, wherever they stand (`ROOT`: the document).

    `repair` is tried on elements that are no JSON.
    """
    limit = source.options.limits.record_bytes
    window = _Window(source.file, utf8_stream(source), limit)
    number = 0
    for data, context in _elements(window, arrays, limit):
        number += 1
        if data is None:
            reason = f"the object is longer than {limit:,} bytes"
            yield source.reject(number, reason, cure="raise it: --limits record_bytes=NUMBER")
            continue
        value = decode_object(source, number, data)
        if isinstance(value, Rejected) and repair:
            data = repair(data)  # noqa: PLW2901
            value = decode_object(source, number, data)
        yield value if isinstance(value, Rejected) else Item(number, data, value, context)
    if window.path:
        yield source.reject(None, "the file ends before its JSON does", cure="export or download it again")


class _Window:
    """The part of a stream that is being looked at; bytes from `keep` on stay in reach."""

    def __init__(self, file: str, stream: BinaryIO, limit: int) -> None:
        self.data = b""
        self.at = 0
        self.keep = 0
        self.dropped = 0
        self.path: list[str] = []
        self._file = file
        self._stream = stream
        self._limit = limit
        self._ended = False

    def next(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """The next token; one that touches the end of the data may go on, so more is read first."""
        while True:
            match = pattern.search(self.data, self.at)
            if match and (match.end() < len(self.data) or self._ended):
                self.at = match.end()
                return match
            if self._ended:
                return None
            self.at = match.start() if match else len(self.data)
            self._fill()

    def enter(self, key: str) -> None:
        """Step into an object or array that stands under `key`."""
        self.path.append(key)
        if len(self.path) > DEEPEST:
            raise InputError(self._file, f"the JSON is nested more than {DEEPEST} deep")

    def _fill(self) -> None:
        if len(self.data) - self.at > self._limit:
            self._shorten()
        used = min(self.keep, self.at)
        more = self._stream.read(max(CHUNK_BYTES, len(self.data) - self.at))
        self.data = self.data[used:] + more
        self.at -= used
        self.keep -= used
        self._ended = not more

    def _shorten(self) -> None:
        """Forget the middle of a string that is over the limit; where it ends can still be found."""
        cut = len(self.data)
        while cut > self.at + 1 and self.data[cut - 1] == BACKSLASH:  # an escape stays whole
            cut -= 1
        if cut == self.at + 1:
            raise InputError(self._file, "millions of backslashes in a row", "this is no export")
        self.dropped += cut - self.at - 1
        self.data = self.data[: self.at + 1] + self.data[cut:]


def _elements(window: _Window, arrays: tuple[str, ...], limit: int) -> Iterator[tuple[bytes | None, Mapping[str, str]]]:
    """Walk the document outside of the arrays that are asked for, noting the plain values on the way."""
    context: dict[str, str] = {}
    key = ROOT
    while match := window.next(_OUTSIDE):
        token = match[0]
        if match[2]:
            key = _words(match[1])
            continue
        if token in (b"{", b"["):
            window.enter(key)
            if token == b"[" and _is_wanted(key, arrays, len(window.path)):
                yield from ((data, context) for data in _array(window, limit))
        elif token in (b"}", b"]"):
            _leave(window, context)
        elif key and len(context) < MOST_CONTEXT:
            context[".".join(filter(None, [*window.path, key]))] = _words(match[1] or token)
        key = ROOT
        window.keep = window.at


def _is_wanted(key: str, arrays: tuple[str, ...], depth: int) -> bool:
    return (key in arrays and (key != ROOT or depth == 1)) or (ANY in arrays and depth == 2)  # noqa: PLR2004


def _array(window: _Window, limit: int) -> Iterator[bytes | None]:
    """The elements of the array that was just entered, up to and with its end."""
    while match := window.next(_OUTSIDE):
        window.keep, window.dropped = match.start(), 0
        if match[0] == b"]":
            window.path.pop()
            return
        yield _element(window, limit) if match[0] in (b"{", b"[") else match[0]
        window.keep = window.at


def _element(window: _Window, limit: int) -> bytes | None:
    """The object whose first bracket was just read; None when it is over the limit."""
    depth = 1
    while depth and (match := window.next(_INSIDE)):
        depth += _DEPTH.get(match[0], 0)
        if window.at - window.keep > limit:
            window.dropped += window.at - window.keep
            window.keep = window.at
    if window.dropped:
        return None
    return window.data[window.keep : window.at if not depth else len(window.data)]


def _leave(window: _Window, context: dict[str, str]) -> None:
    if window.path and window.path.pop() == ROOT:  # an element of an outer array: its values end with it
        prefix = ".".join(filter(None, window.path)) + "."
        for name in [name for name in context if name.startswith(prefix)]:
            del context[name]


def _words(token: bytes) -> str:
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return token.decode("utf-8", errors="replace")


def read_items(
    source: Source, items: Iterable[Item | Rejected], make: Callable[[Source, Item], Post | Rejected], text_key: str
) -> Iterator[Post | Rejected]:
    """Turn elements into posts; one that gives its text twice is refused."""
    for item in items:
        if isinstance(item, Rejected):
            yield item
        elif gives_twice(item.data, text_key):
            yield source.reject(item.number, f"gives {text_key!r} twice", cure="keep the one that was shown")
        else:
            yield make(source, item)


def line_items(source: Source) -> Iterator[Item | Rejected]:
    """The objects of JSON Lines as elements, numbered by line."""
    for number, data, value in json_lines(source):
        yield value if isinstance(value, Rejected) else Item(number, data, value, {})
