"""Labelled posts: the public JSON Lines format and our own authored text format, as one type."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detector.errors import InputError
from detector.reading import KINDS, RECOMMENDATION_KINDS, TARGETS

UNLABELLED = "unlabelled"


@dataclass(frozen=True, slots=True)
class LabelledPassage:
    """A labelled span; `start`/`end` are code points of the post's text, end exclusive."""

    start: int
    end: int
    kind: str
    target: str | None = None
    unsure: bool = False

    @property
    def is_recommendation(self) -> bool:
        """True for the six kinds of GUIDELINE section 3."""
        return self.kind in RECOMMENDATION_KINDS


@dataclass(frozen=True, slots=True)
class LabelledPost:
    """A post with labels. `dataset` names the source, `split` the sampling (`authored` for ours)."""

    id: str
    dataset: str
    split: str
    text: str
    passages: tuple[LabelledPassage, ...]
    note: str = ""


def read_public(path: Path) -> Iterator[LabelledPost]:
    """Read the JSON Lines format of labelled public posts. Raises `InputError`."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield _public_post(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise InputError(str(path), f"not a labelled post: {error}", record=number) from error


def _public_post(record: dict[str, Any]) -> LabelledPost:
    passages = tuple(
        LabelledPassage(p["start"], p["end"], _known_kind(p["kind"]), p.get("target"), bool(p.get("unsure")))
        for p in record["passages"]
    )
    return LabelledPost(record["id"], record["dataset"], record["split"], record["text"], passages)


def _known_kind(kind: str) -> str:
    if kind not in KINDS and kind != UNLABELLED:
        raise ValueError(f"unknown kind {kind!r}; known: {', '.join(KINDS)}")
    return kind


def read_authored(path: Path) -> Iterator[LabelledPost]:
    """Read one authored corpus file (format: `corpora/README.md`). Raises `InputError`."""
    header: dict[str, str] = {}
    lines: list[tuple[int, str]] = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("@ "):
            if lines:
                yield _authored_post(path, header, lines)
            header, lines = dict(part.split("=", 1) for part in line[2:].split()), []
            if "id" not in header:
                raise InputError(str(path), "a post header needs id=", record=number)
        else:
            lines.append((number, line))
    if lines:
        yield _authored_post(path, header, lines)


def _authored_post(path: Path, header: dict[str, str], lines: Iterable[tuple[int, str]]) -> LabelledPost:
    text, gap, passages = "", "", []
    for number, line in lines:
        if line in ("/", "//"):
            gap = "\n" * len(line)
            continue
        label, colon, words = line.partition(": ")
        if not colon:
            raise InputError(str(path), "a passage line is `kind [target] [?]: text`", record=number)
        start = len(text) + len(gap)
        text += gap + words.strip()
        passages.append(_authored_passage(path, number, label, start, len(text)))
        gap = " "
    dataset = header.get("set", path.stem)
    return LabelledPost(header["id"], f"authored_{dataset}", "authored", text, tuple(passages), header.get("note", ""))


def _authored_passage(path: Path, number: int, label: str, start: int, end: int) -> LabelledPassage:
    words = label.split()
    unsure = words[-1] == "?"
    kind, target = words[0], (words[1] if len(words) > 1 and words[1] != "?" else None)
    try:
        _known_kind(kind)
    except ValueError as error:
        raise InputError(str(path), str(error), record=number) from error
    if (target is not None and target not in TARGETS) or ((target is None) == (kind in RECOMMENDATION_KINDS)):
        raise InputError(str(path), f"{label!r}: recommendations, and only they, take one of {TARGETS}", record=number)
    return LabelledPassage(start, end, kind, target, unsure)


def read_authored_folder(folder: Path) -> Iterator[LabelledPost]:
    """Read every `*.txt` of an authored corpus, in name order."""
    for path in sorted(folder.glob("*.txt")):
        yield from read_authored(path)
