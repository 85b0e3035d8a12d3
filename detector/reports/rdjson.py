"""reviewdog's diagnostic format as one JSON object; columns are UTF-8 bytes, ends exclusive."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from detector.checked import Checked, Run
from detector.reports.parts.places import Places
from detector.reports.parts.rdf import SOURCE, diagnostic
from detector.reports.parts.record import to_json

SUFFIX = ".rdjson"
BINARY = False


def render(stream: Iterable[Checked], run: Run, out: BinaryIO) -> None:  # noqa: ARG001 findings name no totals
    """In the order of the export, written as it is read."""
    out.write(b'{"source":' + to_json(SOURCE) + b',"diagnostics":[')
    between = b"\n"
    for checked in stream:
        if checked.findings:
            places = Places(checked.post, "utf8")
            for finding in checked.findings:
                out.write(between + to_json(diagnostic(checked.post, finding, places)))
                between = b",\n"
    out.write(b"\n]}\n")
