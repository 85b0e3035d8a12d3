"""Quiet on real posts: none of them carries a tampered copy of a registered text."""

import gzip
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from detector.finding import Integrity
from detector.pipeline.disclaimers import Disclaimers
from detector.registry import load_registry
from detector.view import make_view

REGISTRY = load_registry()
COMPONENT = Disclaimers(REGISTRY, ids=[entry.id for entry in REGISTRY])
CHANGED = {Integrity.ALTERED, Integrity.TRUNCATED, Integrity.CONCEALED, Integrity.OUTDATED}


def posts(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


FILES = [("pool.jsonl.gz", 20_000), ("disclaimers.jsonl", 834), ("foreign.jsonl.gz", 300)]


@pytest.mark.shared
@pytest.mark.parametrize(("name", "most"), FILES)
def test_no_post_is_said_to_carry_a_changed_disclaimer(shared_folder: Path, name: str, most: int) -> None:
    changed = [
        reading.id
        for text in islice(posts(shared_folder / "data" / name), most)
        for reading in COMPONENT.predict(make_view(text))
        if CHANGED & set(reading.states)
    ]
    assert len(changed) <= most // 10_000


@pytest.mark.shared
def test_the_platform_text_in_the_wild_is_intact(shared_folder: Path) -> None:
    found = [
        reading.integrity
        for text in posts(shared_folder / "data" / "disclaimers.jsonl")
        for reading in COMPONENT.predict(make_view(text))
        if reading.standard
    ]
    assert found == [Integrity.INTACT]
