"""The stages as functions over posts, each prepared so that only its own work is timed."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path

import spacy
from spacy.tokens import Doc

from detector import readers
from detector.checked import Run
from detector.engine import Detector, load
from detector.post import Post
from detector.reading import compose
from detector.reports import load as load_report
from detector.view import make_view

ROOT = Path(__file__).resolve().parent.parent
POOL = ROOT.parent / "shared/data/pool.jsonl.gz"
EXAMPLE = ROOT / "corpora/example/harbour_posts.jsonl"
POSTS = 5_000
YARDSTICK = "bare spaCy tokenisation"

Stage = Callable[[], object]


def read_posts(count: int = POSTS) -> list[Post]:
    """Real posts where they are at hand, else the example export over and over."""
    if POOL.is_file():
        with gzip.open(POOL, "rt", encoding="utf-8") as lines:
            return [Post(str(n), json.loads(line)["text"]) for n, line in enumerate(islice(lines, count))]
    example = [record for record in readers.read([EXAMPLE]) if isinstance(record, Post)]
    return (example * (count // len(example) + 1))[:count]


def write_export(posts: Sequence[Post], export: Path) -> None:
    """The posts as the JSON Lines that `detector audit` reads."""
    export.write_text("".join(json.dumps({"id": post.id, "text": post.text}) + "\n" for post in posts))


def prepare(posts: Sequence[Post], export: Path) -> dict[str, Callable[[], Stage]]:
    """For each stage, a function that does the untimed preparation and returns the timed work.

    `export` is a JSON Lines file with the same posts (`write_export`).
    """
    return {
        YARDSTICK: lambda: _tokenise(posts),
        "read JSON Lines": lambda: _read(export),
        "view": lambda: lambda: [make_view(post.text) for post in posts],
        "tokenise": lambda: _own_tokenise(posts),
        "disclaimers": lambda: _component("disclaimers", posts),
        "passages": lambda: _component("passages", posts),
        "recommendations": lambda: _component("recommendations", posts),
        "engine (posts in, findings out)": lambda: _engine(posts),
        "render JSON Lines": lambda: _render(posts),
        "end to end (JSON Lines in and out)": lambda: _end_to_end(export),
    }


def _tokenise(posts: Sequence[Post]) -> Stage:
    nlp = spacy.blank("en")
    return lambda: _exhaust(nlp.tokenizer.pipe(post.text for post in posts))


def _own_tokenise(posts: Sequence[Post]) -> Stage:
    nlp = load()
    return lambda: [nlp.make_doc(post.text) for post in posts]


def _read(export: Path) -> Stage:
    return lambda: _exhaust(readers.read([export]))


def _end_to_end(export: Path) -> Stage:
    """What `detector audit export.jsonl --to jsonl` does after start-up, on one core."""
    detector = Detector()
    posts = (record for record in readers.read([export]) if isinstance(record, Post))
    run = Run("0", "0", "default", "0", "")
    return lambda: load_report("jsonl").render(run.tally.watch(detector.examine(posts), clock=str), run, io.BytesIO())


def _component(name: str, posts: Sequence[Post]) -> Stage:
    """One component on docs that have been through those before it."""
    nlp = load()
    earlier = [nlp.get_pipe(each) for each in nlp.pipe_names[: nlp.pipe_names.index(name)]]
    docs = [_doc(nlp, post) for post in posts]
    for component in earlier:
        docs = list(component.pipe(docs, batch_size=256))
    component = nlp.get_pipe(name)
    return lambda: _exhaust(component.pipe(docs, batch_size=256))


def _doc(nlp: spacy.Language, post: Post) -> Doc:
    view = make_view(compose(post))
    doc = nlp.make_doc(view.text)
    doc._.view = view
    return doc


def _engine(posts: Sequence[Post]) -> Stage:
    detector = Detector()
    return lambda: _exhaust(detector.examine(posts))


def _render(posts: Sequence[Post]) -> Stage:
    checked = list(Detector().examine(posts))
    run = Run("0", "0", "default", "0", "")
    return lambda: load_report("jsonl").render(checked, run, io.BytesIO())


def _exhaust(stream: Iterable[object]) -> int:
    return sum(1 for _ in stream)
