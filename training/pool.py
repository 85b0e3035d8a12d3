"""Unlabelled public posts that the teacher labels: read, rid of what must not be learnt from, cut into passages."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language

from detector.errors import InputError
from detector.labelled import UNLABELLED, LabelledPassage, LabelledPost
from detector.pipeline.features import read_batch
from detector.pipeline.features_linear import LinearStage
from detector.pipeline.language import detect_language
from detector.pipeline.passages import Passages
from detector.view import make_view
from training.corpus import Corpus, same_post

POOL = "pool"  # the split of these posts
MOST_PASSAGES = 40  # of a post that is worth its cost
AT_ONCE = 512  # posts scored together
LIKELY = -4.0  # log-odds from which a passage is worth the teacher's time
BY_CHANCE = 0.04  # share of the others that it labels too, so that the student knows the plain ones


def read_pool(path: Path, known: Iterable[LabelledPost]) -> Iterator[LabelledPost]:
    """English posts of a pool (JSON Lines, gzip) that are no copy of a known post or of each other."""
    seen = {same_post(post.text) for post in known}
    splitter = Passages(sets_language=False, spans_key=None)
    try:
        lines = gzip.open(path, "rt", encoding="utf-8")
    except OSError as error:
        raise InputError(str(path), error.strerror or "cannot be read") from error
    with lines:
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


def choose(
    posts: Sequence[LabelledPost], stage: LinearStage, nlp: Language, *, passages: int, seed: int
) -> tuple[list[LabelledPost], NDArray[np.bool_]]:
    """Posts with about so many passages for the teacher to label, and which of their passages those are.

    Posts in which the linear stage sees a recommendation come first, then those drawn by chance.
    """
    scores = list(_scores(posts, stage, nlp))
    generator = np.random.default_rng(seed)
    marks = [(score > LIKELY) | (generator.random(len(score)) < BY_CHANCE) for score in scores]
    luck = generator.random(len(posts))
    worth = np.array([score.max() for score in scores]) > -2.0
    chosen, total = [], 0
    for number in np.argsort(luck - worth, kind="stable").tolist():
        if total >= passages:
            break
        if marks[number].any():
            chosen.append(number)
            total += int(marks[number].sum())
    chosen.sort()
    return [posts[number] for number in chosen], np.concatenate([marks[number] for number in chosen])


def _scores(posts: Sequence[LabelledPost], stage: LinearStage, nlp: Language) -> Iterator[NDArray[np.float32]]:
    """Log-odds of each post's passages."""
    for low in range(0, len(posts), AT_ONCE):
        some = posts[low : low + AT_ONCE]
        bounds = [[(one.start, one.end) for one in post.passages] for post in some]
        batch = read_batch([nlp.make_doc(post.text) for post in some], bounds, stage.table)
        yield from np.split(stage.score(batch)[:, 0], np.cumsum([len(of_post) for of_post in bounds])[:-1])


def pool_corpus(posts: Sequence[LabelledPost]) -> Corpus:
    """Posts of the pool as a corpus without labels."""
    return Corpus(tuple(posts))
