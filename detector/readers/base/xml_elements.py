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
BLOCKS = 16  # of a record of full length: a parser that looks at a long value anew with each must not get many
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
        self._begun = False

    def read(self, size: int = -1, /) -> bytes:
        """The next block, whatever `size` is asked for."""
        size = max(size, self._limit // BLOCKS)
        data = self._stream.read(size)
        self.since_record += len(data)
        if self.since_record > self._limit + size:
            reason = f"an element is longer than {self._limit:,} bytes; what follows cannot be found"
            raise InputError(self._file, reason, "raise it: --limits record_bytes=NUMBER")
        if self._wide:
            return data
        data = data if self._begun else _from_the_start(data)
        self._begun = True
        return data.translate(_BLANKED)


def _from_the_start(data: bytes) -> bytes:
    """A file's first block without the blank lines or complaints that a site's plug-ins print above the declaration."""
    start = data.find(b"<?xml")
    if start > 0 and b"xmlns" not in data[:start]:  # else it is the text of a record
        return data[start:]
    return data.removeprefix(codecs.BOM_UTF8).lstrip()
