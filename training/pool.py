"""Unlabelled public posts that the teacher labels: read, rid of what must not be learnt from, cut into passages."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language

from detector.errors import InputError
from detector.labelled import UNLABELLED, LabelledPassage, LabelledPost
from detector.pipeline.features import read_batch
from detector.pipeline.features_linear import LinearStage, scaled_blocks
from detector.pipeline.language import detect_language
from detector.pipeline.passages import Passages
from detector.view import make_view
from training.corpus import same_post

POOL = "pool"  # the split of these posts
MOST_PASSAGES = 40  # of a post that is worth its cost
AT_ONCE = 512  # posts scored together
WORTHWHILE = -2.0  # log-odds that make a post sure to be taken before any without
LIKELY = -4.0  # log-odds from which a passage is worth the teacher's time
BY_CHANCE = 0.04  # share of the others that it labels too, so that the student knows the plain ones


def read_pool(path: Path, known: Iterable[LabelledPost]) -> Iterator[LabelledPost]:
    """English posts of a pool (JSON Lines, gzip) that are no copy of a known post or of each other."""
    seen = {same_post(post.text) for post in known}
    splitter = Passages(sets_language=False, spans_key=None)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            view = make_view(record["text"])
            key = same_post(view.text)
            if key in seen or detect_language(view.text) != "en":
                continue
            seen.add(key)
            found = [one for one in splitter.predict(view.text, view) if one.role == "claim"]
            if found and len(found) <= MOST_PASSAGES:
                passages = tuple(LabelledPassage(one.start, one.end, UNLABELLED) for one in found)
                yield LabelledPost(record["id"], record.get("dataset", ""), POOL, view.text, passages)


@dataclass(frozen=True)
class Chosen:
    """Posts of the pool, the numbers of their passages for the teacher to judge, and the linear log-odds of those."""

    posts: list[LabelledPost]
    rows: NDArray[np.int64]
    log_odds: NDArray[np.float32]


def choose(posts: Sequence[LabelledPost], stage: LinearStage, nlp: Language, *, passages: int, seed: int) -> Chosen:
    """Choose posts with about so many passages to judge.

    Posts in which the linear stage sees a recommendation come more often than those drawn by chance alone.
    """
    scores = list(_scores(posts, stage, nlp))
    generator = np.random.default_rng(seed)
    marks = [(score > LIKELY) | (generator.random(len(score)) < BY_CHANCE) for score in scores]
    worth = np.array([score.max() for score in scores]) > WORTHWHILE
    chosen, total = [], 0
    for number in np.argsort(generator.random(len(posts)) - worth, kind="stable").tolist():
        if total >= passages:
            break
        if marks[number].any():
            chosen.append(number)
            total += int(marks[number].sum())
    if not chosen:
        raise InputError("pool", "holds no post that is not among the labelled ones")
    chosen.sort()
    kept = np.concatenate([marks[number] for number in chosen])
    log_odds = np.concatenate([scores[number] for number in chosen])[kept]
    return Chosen([posts[number] for number in chosen], np.flatnonzero(kept), log_odds)


def _scores(posts: Sequence[LabelledPost], stage: LinearStage, nlp: Language) -> Iterator[NDArray[np.float32]]:
    """Log-odds of each post's passages."""
    for low in range(0, len(posts), AT_ONCE):
        some = posts[low : low + AT_ONCE]
        bounds = [[(one.start, one.end) for one in post.passages] for post in some]
        batch = read_batch([nlp.make_doc(post.text) for post in some], bounds, stage.table)
        scores = stage.score(batch, list(scaled_blocks(batch)))[:, 0]
        yield from np.split(scores, np.cumsum([len(of_post) for of_post in bounds])[:-1])


def save_posts(path: Path, posts: Iterable[LabelledPost]) -> None:
    """Write posts in the format that `read_public` reads."""
    with path.open("w", encoding="utf-8") as lines:
        for post in posts:
            passages = [{"start": one.start, "end": one.end, "kind": one.kind} for one in post.passages]
            record = {"id": post.id, "dataset": post.dataset, "split": post.split, "text": post.text}
            lines.write(json.dumps({**record, "passages": passages}, ensure_ascii=False) + "\n")
