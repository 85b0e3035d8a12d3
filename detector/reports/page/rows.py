"""A post as the page's script gets it: text already cut into marked and unmarked pieces.

Offsets never reach the browser (it counts UTF-16), and every word is set as text, never as markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from detector.checked import Checked, finding_id, text_checksum
from detector.dates import as_read
from detector.finding import Finding, Integrity
from detector.reports.parts import words
from detector.reports.parts.diff import Piece, word_diff

WHOLE_TEXT = 2_400
CONTEXT = 500
LONGEST_PASSAGE = 2_000
LONGEST_FIX = 1_200
REASONS = 5

Segment = tuple[str, list[int]] | str | int
"""Plain words; words with the findings that mark them; or a number of characters left out."""


class FindingRow(msgspec.Struct, rename={"kind_words": "words", "integrity_words": "state"}):
    """A finding as the page shows it."""

    id: str
    rule: str
    kind: str | None
    kind_words: str
    target: str | None
    severity: str
    probability: str
    message: str
    integrity: str
    integrity_words: str
    note: str
    diff: list[Piece]
    reasons: list[str]
    fix: str
    field: str


class PostRow(msgspec.Struct):
    """A post as the page shows it; `day` and `symbols` are for its filters."""

    id: str
    file: str
    record: int
    author: str
    created: str
    url: str
    title: list[Segment]
    text: list[Segment]
    findings: list[FindingRow]
    disclaimers: list[str]
    day: str = ""
    symbols: Sequence[str] = ()


def post_row(checked: Checked, *, policy_checksum: str) -> PostRow:
    """The row for one post with findings; long texts keep what surrounds a finding."""
    post = checked.post
    checksum = text_checksum(post.text)
    return PostRow(
        id=post.id,
        file=post.origin.file,
        record=post.origin.record,
        author=post.author or "",
        created=as_read(post.created or ""),
        url=post.url or "",
        title=_segments(post.title or "", checked.findings, field="title"),
        text=_segments(post.text, checked.findings, field="text"),
        findings=[
            _finding_row(each, checked, finding_id(each, text_checksum=checksum, policy_checksum=policy_checksum))
            for each in checked.findings
        ],
        disclaimers=list(_unblamed(checked)),
    )


def _unblamed(checked: Checked) -> Iterator[str]:
    """A line for each disclaimer that stands in the post and that no finding speaks of."""
    blamed = [(finding.disclaimer, finding.integrity) for finding in checked.findings if finding.integrity is not None]
    for reading in checked.disclaimers:
        if reading.integrity is not Integrity.MISSING and (reading.id, reading.integrity) not in blamed:
            state = f"{reading.integrity}, {words.INTEGRITY_WORDS[reading.integrity]}"
            yield f"Disclaimer {reading.id}: {state}" + (f"; {reading.note}" if reading.note else "")


def _finding_row(finding: Finding, checked: Checked, identity: str) -> FindingRow:
    content = (checked.post.title if finding.field == "title" else checked.post.text) or ""
    strongest = sorted(finding.reasons, key=lambda reason: -abs(reason.contribution))[:REASONS]
    return FindingRow(
        id=identity,
        rule=finding.rule,
        kind=finding.kind,
        kind_words=words.subject(finding),
        target=finding.target,
        severity=finding.severity.label,
        probability="" if finding.probability is None else words.probability(finding.probability),
        message=finding.message,
        integrity=finding.integrity or "",
        integrity_words=words.INTEGRITY_WORDS[finding.integrity] if finding.integrity else "",
        note=checked.reading_of(finding).note if finding.integrity else "",
        diff=[
            piece._replace(note=words.EDIT_WORDS.get(piece.note, ""))
            for piece in word_diff(content, finding.edits, start=finding.start, end=finding.end)
        ],
        reasons=[f"{reason.words} {reason.contribution:+.1f}" for reason in strongest],
        fix=finding.fix.title + ": " + finding.fix.replacement.strip()[:LONGEST_FIX] if finding.fix else "",
        field=finding.field,
    )


def _segments(content: str, findings: tuple[Finding, ...], *, field: str) -> list[Segment]:
    """The text cut wherever a finding starts or ends, unmarked stretches shortened in long texts."""
    marks = [
        (finding.start, finding.end, number)
        for number, finding in enumerate(findings)
        if finding.field == field and finding.end > finding.start
    ]
    cuts = sorted({0, len(content), *(cut for start, end, _ in marks for cut in (start, end))})
    segments: list[Segment] = []
    for left, right in pairwise(cuts):
        owners = [number for start, end, number in marks if start <= left and right <= end]
        if owners:
            segments += _shortened_passage(content[left:right], owners)
        else:
            is_long = len(content) > WHOLE_TEXT
            segments += _shortened_context(content, left, right) if is_long else [content[left:right]]
    return segments


def _shortened_passage(passage: str, owners: list[int]) -> Iterator[Segment]:
    yield passage[:LONGEST_PASSAGE], owners
    if len(passage) > LONGEST_PASSAGE:
        yield len(passage) - LONGEST_PASSAGE


def _shortened_context(content: str, left: int, right: int) -> Iterator[Segment]:
    """`CONTEXT` characters beside a finding; nothing is owed to the text's own ends."""
    head = left + (CONTEXT if left else 0)
    tail = right - (CONTEXT if right < len(content) else 0)
    if not left and right == len(content):
        head = min(CONTEXT, right)  # no finding marks this text: its opening says what it is about
    if tail <= head:
        yield content[left:right]
        return
    yield from filter(None, (content[left:head], tail - head, content[tail:right]))
