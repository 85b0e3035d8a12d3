"""GitHub Actions annotations: one workflow command a finding."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from detector.checked import Checked, Run
from detector.finding import Finding
from detector.post import Post
from detector.reports.parts import words
from detector.reports.parts.places import Place, Places, record_words

SUFFIX = ".annotations"
BINARY = False

PASSAGE = 200
# The runner undoes exactly these; anything else of a post passes as text.
ESCAPES = {ord("%"): "%25", ord("\r"): "%0D", ord("\n"): "%0A"}
PROPERTY_ESCAPES = ESCAPES | {ord(":"): "%3A", ord(","): "%2C"}


def render(stream: Iterable[Checked], run: Run, out: BinaryIO) -> None:
    """In the order of the export; GitHub shows the first ten of each severity in a step."""
    for checked in stream:
        if checked.findings:
            places = Places(checked.post, "code_points")
            for finding in checked.findings:
                command = _command(checked.post, finding, places.of(finding))
                out.write((command + "\n").encode("utf-8", "backslashreplace"))
    if run.tally.suppressed:
        out.write(f"::notice title=suppression::{words.let_stand(run)}\n".encode())


def _command(post: Post, finding: Finding, place: Place) -> str:
    properties: dict[str, str | int] = {"file": place.file}
    if place.line:
        properties["line"] = place.line
    if place.start and place.end:
        properties |= {"endLine": place.end.line}
        if place.start.line == place.end.line:  # columns of a longer range would be refused
            properties |= {"col": place.start.column, "endColumn": place.end.column}
    properties["title"] = finding.rule
    passage = " ".join(finding.text.split())[:PASSAGE]
    message = f"{record_words(post)}: {finding.message}" + (f" “{passage}”" if passage else "")
    said = ",".join(f"{name}={_escaped(str(value), PROPERTY_ESCAPES)}" for name, value in properties.items())
    return f"::{finding.severity.label} {said}::{_escaped(message, ESCAPES)}"


def _escaped(text: str, escapes: dict[int, str]) -> str:
    return text.translate(escapes)
