"""JSON values from bytes: fast when they are sound, tolerant when they are not, never wrong silently."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from detector.post import Rejected
from detector.readers.base.contract import Source
from detector.readers.base.lines import decode_utf8, numbered_lines

_UNSOUND = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_ESCAPED_PLAIN_LETTER = re.compile(rb"\\u00[2-7]")
_decode = msgspec.json.Decoder().decode


def json_lines(source: Source) -> Iterator[tuple[int, bytes, dict[str, Any] | Rejected]]:
    """Line number, line and object of JSON Lines; blank lines are no records."""
    for number, line in numbered_lines(source):
        if isinstance(line, Rejected):
            yield number, b"", line
        elif line.strip():
            yield number, line, decode_object(source, number, line)


def decode_object(source: Source, record: int, data: bytes) -> dict[str, Any] | Rejected:
    """The JSON object in `data`; raw control characters in its strings are accepted."""
    try:
        value = _decode(data)
    except _UNSOUND:
        value = _decode_tolerantly(source, record, data)
    if isinstance(value, dict | Rejected):
        return value
    return source.reject(record, f"holds a JSON {type(value).__name__}, not an object")


def _decode_tolerantly(source: Source, record: int, data: bytes) -> Any:  # noqa: ANN401
    text = decode_utf8(source, record, data)
    if isinstance(text, Rejected):
        return text
    try:
        value = json.loads(text, strict=False)
        if rejected := half_pair(source, record, json.dumps(value, ensure_ascii=False)):
            return rejected
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
        words = "cut off" if cut else f"broken ({error.msg.lower()})"
        return source.reject(record, f"the JSON is {words} at character {error.pos + 1}", cure="export it again")
    except (RecursionError, ValueError) as error:
        words = "is nested too deep" if isinstance(error, RecursionError) else f"cannot be read: {error}"
        return source.reject(record, f"the JSON {words}")
    return value


def half_pair(source: Source, record: int, text: str) -> Rejected | None:
    """The quarantine of text with half of a surrogate pair, which no encoding can hold."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        half = ascii(error.object[error.start]).strip("'")
        return source.reject(record, f"holds half of a surrogate pair ({half})", cure="export it again as UTF-8")
    return None


def gives_twice(data: bytes, key: str) -> bool:
    """True when an object in `data` gives `key` twice, so that nobody knows which of the two was shown."""
    # An escaped key could hide from the count, so escapes of plain letters are looked into as well.
    if data.count(b'"%b"' % key.encode()) < 2 and not _ESCAPED_PLAIN_LETTER.search(data):  # noqa: PLR2004
        return False
    repeated = False

    def see(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeated
        repeated = repeated or sum(name == key for name, _ in pairs) > 1
        return dict(pairs)

    try:
        json.loads(data, strict=False, object_pairs_hook=see)
    except (ValueError, RecursionError):
        return True  # what cannot be looked into is not trusted
    return repeated
