"""A stored post as a page shows it: text cut into marked pieces, findings in words, disclaimers as diffs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from detector.finding import Integrity
from detector.kinds import KIND_WORDS
from detector.reading import KINDS, TITLE_GAP
from detector.reports.parts import words
from detector.reports.parts.diff import Piece, word_diff
from detector.reports.parts.record import FindingRecord
from detector.service.store.labels import place
from detector.service.store.queue import Stored

SNIPPET = 180
REASONS = 8


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a field; `marks` are numbers (from 1) of the findings that cover it, `opens` of those that begin."""

    text: str
    start: int
    marks: tuple[int, ...] = ()
    opens: tuple[int, ...] = ()
    severity: str = ""


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding in words. `start`/`end` are code points of title, blank line and text, as labels count them."""

    number: int
    record: FindingRecord
    subject: str
    definition: str
    integrity: str
    diff: list[Piece]
    reasons: list[tuple[str, float]]
    start: int
    end: int

    @property
    def judged(self) -> bool:
        """Whether it is about a passage that moderators can relabel."""
        return self.record.kind in KINDS


def segments(content: str, findings: tuple[FindingRecord, ...], *, field: str) -> list[Segment]:
    """A field cut wherever a finding starts or ends."""
    marks = [
        (min(each.start, len(content)), min(each.end, len(content)), number, each.severity)
        for number, each in enumerate(findings, 1)
        if each.field == field and each.end > each.start
    ]
    cuts = sorted({0, len(content), *(cut for start, end, _, _ in marks for cut in (start, end))})
    return [_segment(content, left, right, marks) for left, right in pairwise(cuts)]


def _segment(content: str, left: int, right: int, marks: list[tuple[int, int, int, str]]) -> Segment:
    over = [mark for mark in marks if mark[0] <= left and right <= mark[1]]
    worst = max((severity for *_, severity in over), key=("notice", "warning", "error").index, default="")
    opens = tuple(number for start, _, number, _ in over if start == left)
    return Segment(content[left:right], left, tuple(number for _, _, number, _ in over), opens, worst)


def finding_views(post: Stored) -> list[FindingView]:
    """Every finding of a post."""
    return [_finding_view(post, number, record) for number, record in enumerate(post.findings, 1)]


def _finding_view(post: Stored, number: int, record: FindingRecord) -> FindingView:
    content = (post.title if record.field == "title" else post.text) or ""
    pieces = word_diff(content, record.edits, start=record.start, end=record.end) if content else []
    strongest = sorted(record.reasons, key=lambda reason: -abs(reason.contribution))[:REASONS]
    start, end = place(record, post.title_length)
    return FindingView(
        number=number,
        record=record,
        subject=words.kind_label(record.kind) if record.kind else record.rule.replace("_", " "),
        definition=KIND_WORDS[record.kind].definition if record.kind in KIND_WORDS else "",
        integrity=words.INTEGRITY_WORDS[Integrity(record.integrity)] if record.integrity else "",
        diff=[piece._replace(note=words.EDIT_WORDS.get(piece.note, "")) for piece in pieces],
        reasons=[(reason.words, reason.contribution) for reason in strongest],
        start=start,
        end=end,
    )


def whole_text(post: Stored) -> str | None:
    """What labels count in: title, blank line and text; None where text was not kept."""
    if post.text is None:
        return None
    return f"{post.title}{TITLE_GAP}{post.text}" if post.title else post.text


def snippet(post: Stored) -> str:
    """What the queue shows of a post: the first flagged passage, else its opening."""
    quoted = next((each.text for each in post.findings if each.text), "")
    shown = " ".join((quoted or post.text or "").split())
    return shown if len(shown) <= SNIPPET else shown[: SNIPPET - 1].rstrip() + "…"
