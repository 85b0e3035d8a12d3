"""reviewdog's diagnostic format, one line a finding; columns are UTF-8 bytes, ends exclusive."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from detector.checked import Checked, Run
from detector.reports.parts.places import Places
from detector.reports.parts.rdf import diagnostic
from detector.reports.parts.record import to_json

SUFFIX = ".rdjsonl"
BINARY = False


def render(stream: Iterable[Checked], run: Run, out: BinaryIO) -> None:  # noqa: ARG001 findings name no totals
    """In the order of the export."""
    for checked in stream:
        if checked.findings:
            places = Places(checked.post, "utf8")
            out.writelines(to_json(diagnostic(checked.post, each, places)) + b"\n" for each in checked.findings)
