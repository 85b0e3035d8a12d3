"""What every stage is timed on: posts, and the same posts as an export."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from detector import readers
from detector.post import Post

ROOT = Path(__file__).resolve().parent.parent
POOL = ROOT.parent / "shared/data/pool.jsonl.gz"
EXAMPLE = ROOT / "corpora/example/harbour_posts.jsonl"

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Case:
    """Posts, and a JSON Lines file that holds them."""

    posts: Sequence[Post]
    export: Path


def make_case(folder: Path, count: int, *, public: bool = True) -> Case:
    """Real posts where they are at hand and `public` ones are wanted, else the example export over and over."""
    posts = read_posts(count, public=public)
    export = folder / "posts.jsonl"
    lines = (json.dumps({"id": post.id, "text": post.text}) + "\n" for post in posts)
    export.write_text("".join(lines), encoding="utf-8")
    return Case(posts, export)


def read_posts(count: int, *, public: bool = True) -> list[Post]:
    """Real posts where they are at hand and `public` ones are wanted, else the example's; over and over if too few."""
    return _pool(count) if public and POOL.is_file() else _example(count)


def _pool(count: int) -> list[Post]:
    with gzip.open(POOL, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in islice(lines, count)]
    return [Post(str(number), text) for number, text in enumerate(islice(cycle(texts), count))]


def _example(count: int) -> list[Post]:
    posts = [record for record in readers.read([EXAMPLE]) if isinstance(record, Post)]
    return (posts * (count // len(posts) + 1))[:count]


def exhaust(stream: Iterable[object]) -> int:
    """Take all of a stream, keeping none of it, as a run does."""
    return sum(1 for _ in stream)
