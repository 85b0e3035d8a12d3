"""Elements of a large XML file, one at a time, with entities forbidden and memory bounded."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from detector.errors import InputError
from detector.readers.base.contract import Source

DEEPEST = 1_000
BLOCK_BYTES = 1024 * 1024  # a parser that looks at a long value anew with every block must not get many
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
_BLANKED = bytes.maketrans(_CONTROLS, b" " * len(_CONTROLS))


def elements(source: Source, *names: str) -> Iterator[Element]:
    """Each element called one of `names` (without namespace) when it is complete; it is emptied afterwards."""
    stream = _Bounded(source)
    path: list[Element] = []
    inside = 0
    try:
        for event, element in iterparse(stream, events=("start", "end")):
            wanted = local_name(element) in names
            if event == "start":
                path.append(element)
                if len(path) > DEEPEST:
                    raise InputError(source.file, f"the XML is nested more than {DEEPEST:,} deep", "this is no export")
                inside += wanted
                continue
            path.pop()
            inside -= wanted
            if wanted and not inside:
                yield element
            if path and ((wanted and not inside) or len(path) == 1):
                stream.since_record = 0
                path[-1].clear()
    except DefusedXmlException as error:
        raise InputError(source.file, f"forbidden in an export: {error}", "it may be an attack") from error
    except (ParseError, LookupError, ValueError) as error:
        raise InputError(source.file, f"the XML is broken: {error}", "export or download it again") from error


def local_name(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def child_text(element: Element, name: str, *, space: str = "") -> str:
    """The text of the first child called `name`; with `space`, only of that namespace."""
    for child in element:
        if local_name(child) == name and space in child.tag:
            return child.text or ""
    return ""


class _Bounded:
    """What the parser reads: control characters that XML forbids are blanks, and no record goes on forever."""

    def __init__(self, source: Source) -> None:
        self.since_record = 0
        self._stream: BinaryIO = source.stream
        self._file = source.file
        self._limit = source.options.limits.record_bytes
        self._wide = source.sample.head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))

    def read(self, size: int = -1, /) -> bytes:
        """The next block, whatever `size` is asked for."""
        data = self._stream.read(max(size, BLOCK_BYTES))
        self.since_record += len(data)
        if self.since_record > self._limit + BLOCK_BYTES:
            reason = f"an element is longer than {self._limit:,} bytes; what follows cannot be found"
            raise InputError(self._file, reason, "raise it: --limits record_bytes=NUMBER")
        return data if self._wide else data.translate(_BLANKED)
