"""Labels of public posts that were found wrong: mended where a post is trained on, never where it is scored."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache

from training.labelled import LabelledPassage, LabelledPost
from training.listing import LISTING

SCORED_SPLIT = "natural"
ID_DIGITS = 8


@cache
def corrections() -> dict[tuple[str, int], LabelledPassage]:
    """By the beginning of a post's id and a passage's start: kind and target as they should be."""
    data = tomllib.loads(LISTING.with_name("corrections.toml").read_text(encoding="utf-8"))
    return {
        (one["post"], one["start"]): LabelledPassage(one["start"], one["start"], one["kind"], one.get("target"))
        for one in data["corrected"]
    }


def corrected(post: LabelledPost) -> LabelledPost:
    """The post with its labels mended, unless its split is scored."""
    if post.split == SCORED_SPLIT:
        return post
    return replace(post, passages=tuple(_mended(post.id, passage) for passage in post.passages))


def _mended(post: str, passage: LabelledPassage) -> LabelledPassage:
    right = corrections().get((post[:ID_DIGITS], passage.start))
    return passage if right is None else replace(passage, kind=right.kind, target=right.target)
