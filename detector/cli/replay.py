"""What a run wrote, read back: records, and with the posts beside them the same checked posts that the engine gave."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from detector.checked import Checked, text_checksum
from detector.errors import InputError
from detector.finding import Finding, Integrity, Severity
from detector.post import Post
from detector.reading import DisclaimerReading
from detector.reports.parts.record import SCHEMA, DisclaimerRecord, FindingRecord, PostRecord
from detector.suppressions import Suppressed

T = TypeVar("T")


def read_lines(path: Path, record_type: type[T]) -> Iterator[T]:
    """Every line of a JSON Lines file as that type. Raises `InputError` for the first that is not."""
    decoder = msgspec.json.Decoder(record_type)
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    yield _decoded(line, decoder)
                except (ValueError, RecursionError) as error:
                    cure = "name a file that `detector audit --to jsonl` wrote"
                    raise InputError(str(path), f"not of the schema {SCHEMA}: {error}", cure, number) from error
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {(error.strerror or str(error)).lower()}") from error


def _decoded(line: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    try:
        return decoder.decode(line)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:  # an unpaired surrogate's escape, which only the standard library takes
        return msgspec.convert(json.loads(line), decoder.type)


def replay(findings: Path, posts: Iterable[Post]) -> Iterator[Checked]:
    """Each post with what `findings.jsonl` says of it. Raises `InputError` where they do not belong together."""
    expected = iter(posts)
    for number, record in enumerate(read_lines(findings, PostRecord), 1):
        post = next(expected, None)
        if post is None or (post.id, post.origin, text_checksum(post.text)) != (
            record.id,
            record.origin,
            record.sha256,
        ):
            raise InputError(str(findings), "is not about what the input files hold now", "audit them again", number)
        yield checked_of(record, post)
    if (post := next(expected, None)) is not None:
        raise InputError(str(findings), f"ends before {post.origin.file}, record {post.origin.record}")


def checked_of(record: PostRecord, post: Post) -> Checked:
    """The checked post that the record was made from."""
    return Checked(
        post=post,
        findings=tuple(map(_finding, record.findings)),
        disclaimers=() if record.disclaimer is None else (_disclaimer(record.disclaimer),),
        language=record.language,
        abstained=record.abstained,
        score=record.score,
        suppressed=tuple(Suppressed(_finding(each.finding), each.reason) for each in record.suppressed),
    )


def _finding(record: FindingRecord) -> Finding:
    return Finding(
        rule=record.rule,
        message=record.message,
        severity=Severity[record.severity.upper()],
        start=record.start,
        end=record.end,
        text=record.text,
        field="title" if record.field == "title" else "text",
        kind=record.kind,
        target=record.target,
        probability=record.probability,
        disclaimer=record.disclaimer,
        integrity=None if record.integrity is None else Integrity(record.integrity),
        edits=tuple(record.edits),
        reasons=tuple(record.reasons),
        fix=record.fix,
    )


def _disclaimer(record: DisclaimerRecord) -> DisclaimerReading:
    return DisclaimerReading(
        record.id,
        Integrity(record.integrity),
        record.start,
        record.end,
        version=record.version,
        variant=record.variant,
        states=tuple(map(Integrity, record.states)),
        edits=tuple(record.edits),
        note=record.note,
    )
