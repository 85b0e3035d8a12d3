"""Labelled posts (JSON Lines): what training, evaluation and calibration compare judgements with."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from detector.errors import InputError
from detector.reading import KINDS, RECOMMENDATION_KINDS, Judgement

UNLABELLED = "unlabelled"  # not English or unreadable: left out of scores


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


def read_public(path: Path, *, without_text: list[str] | None = None) -> Iterator[LabelledPost]:
    """Read labelled posts: a JSON object a line with `id`, `text`, `passages` (`start`, `end`, `kind`,
    `target`, `unsure`) and, if known, `dataset` and `split`. Raises `InputError`.

    A review console exports decisions on erased posts without their text: given `without_text`, their ids go there."""
    try:
        lines = _opened(path)
    except OSError as error:
        raise InputError(str(path), error.strerror or "cannot be read") from error
    with lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                if without_text is not None and record.get("text") is None:
                    without_text.append(record["id"])
                    continue
                yield _public_post(record)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise InputError(str(path), f"not a labelled post: {error!r}", record=number) from error


def _opened(path: Path) -> TextIO:
    return gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")


def _public_post(record: dict[str, Any]) -> LabelledPost:
    passages = tuple(
        LabelledPassage(p["start"], p["end"], known_kind(p["kind"]), p.get("target"), bool(p.get("unsure")))
        for p in record["passages"]
    )
    return LabelledPost(
        record["id"], record.get("dataset", ""), record.get("split", "natural"), record["text"], passages
    )


def known_kind(kind: str) -> str:
    """The kind, if there is such a one. Raises `ValueError`."""
    if kind not in KINDS and kind != UNLABELLED:
        raise ValueError(f"unknown kind {kind!r}; known: {', '.join(KINDS)}")
    return kind


def judgement_of(passage: LabelledPassage, judgements: tuple[Judgement, ...]) -> Judgement | None:
    """The most suspicious judgement that shares at least half of the shorter span with the passage."""
    shared = [
        each
        for each in judgements
        if 2 * (min(each.end, passage.end) - max(each.start, passage.start))
        >= min(each.end - each.start, passage.end - passage.start)
    ]
    return max(shared, key=lambda each: each.probability, default=None)
