"""`python -m training teach`: make the teacher, let it label the pool, and make the base student from that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from spacy.language import Language

from detector.labelled import LabelledPost
from detector.pipeline.features_linear import LinearStage
from detector.pipeline.tokenizer import blank_language
from training.corpus import AUTHORED, Corpus, read_corpus
from training.fit import Settings, fit_linear
from training.lessons import POSTS, START, STUDENT, TEACHER, Taught, soft_labels
from training.pool import Chosen, choose, read_pool, save_posts
from training.sources import divide, lessons_without
from training.student_input import read_words
from training.study import Study
from training.teacher import Labels, Teacher
from training.teacher_input import Pieces, read_pieces
from training.tuning import base_student

RATE, AGAIN = 5e-5, 0.45  # of the teacher's training: see `Teacher.fit`


def teach(
    public: Sequence[Path], pool: Path, folder: Path, *, settings: Settings, passages: int, authored: Path = AUTHORED
) -> Iterator[str]:
    """Leave in a folder what `train` and `evaluate` need. Nothing in it has seen a natural post, or a copy of one."""
    corpus = read_corpus(public, authored)
    yield from teach_from(corpus, read_pool(pool, corpus.posts), folder, settings=settings, passages=passages)


def teach_without(  # noqa: PLR0913 (the same, and how many groups)
    public: Sequence[Path],
    pool: Path,
    folder: Path,
    *,
    settings: Settings,
    passages: int,
    groups: int,
    authored: Path = AUTHORED,
) -> Iterator[str]:
    """The same for each group of sources, in a folder each: nothing in it has seen a post of the group either."""
    corpus = read_corpus(public, authored)
    for number, group in enumerate(divide(corpus, groups)):
        yield f"without {', '.join(sorted(group.families))}"
        seen = Corpus(tuple(group.rest(corpus.posts)))
        posts = (post for post in read_pool(pool, corpus.posts) if post not in group)
        out = lessons_without(folder, number)
        yield from teach_from(seen, posts, out, settings=settings, passages=passages)


def teach_from(
    corpus: Corpus, pool: Iterable[LabelledPost], folder: Path, *, settings: Settings, passages: int
) -> Iterator[str]:
    """Teach from these posts alone, and leave the lessons in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    nlp = blank_language()
    study = Study.read(corpus, nlp, settings, None)
    teacher = make_teacher(study)
    torch.save(teacher.weights(), folder / TEACHER)
    yield f"teacher: {len(study.shared())} passages"
    chosen = choose_posts(study, list(pool), nlp, passages=passages)
    yield f"pool: {len(chosen.posts)} posts, {len(chosen.rows)} passages for the teacher to judge"
    label_pool(teacher, chosen, folder)
    yield from make_students(Study.read(study.corpus, nlp, settings, folder), folder)


def make_teacher(study: Study) -> Teacher:
    """A teacher that learnt from what every fold may see."""
    corpus = study.corpus
    teacher = Teacher(study.settings.seed)
    pieces, labels = pieces_of(corpus.posts), Labels(corpus.kind, corpus.unsure)
    teacher.fit(pieces, labels, study.shared(), rate=RATE, again=AGAIN)
    return teacher


def pieces_of(posts: Sequence[LabelledPost]) -> Pieces:
    """Word pieces of posts' passages."""
    return read_pieces([[post.text[one.start : one.end] for one in post.passages] for post in posts])


def choose_posts(study: Study, posts: Sequence[LabelledPost], nlp: Language, *, passages: int) -> Chosen:
    """Posts of the pool that are worth the teacher's time, by a linear stage that saw what every fold may see."""
    coefficients = fit_linear(study.matrix, study.corpus, study.shared(), study.settings)[:, :1].astype(np.float32)
    stage = LinearStage(np.ascontiguousarray(coefficients[:-1]), coefficients[-1])
    return choose(posts, stage, nlp, passages=passages, seed=study.settings.seed)


def label_pool(teacher: Teacher, chosen: Chosen, folder: Path) -> None:
    """Let the teacher judge the chosen passages, and write posts and judgements down."""
    opinion = teacher.judge(pieces_of(chosen.posts).part(chosen.rows))
    yes, kinds = soft_labels(opinion.log_odds, opinion.kinds, chosen.log_odds)
    save_posts(folder / POSTS, chosen.posts)
    taught = Taught(tuple(chosen.posts), chosen.rows, yes, kinds, opinion.boiled_down())
    taught.with_plain_truth().save(folder)


def make_students(study: Study, folder: Path) -> Iterator[str]:
    """The base students and the linear models that every fold begins with."""
    words = read_words(study.examples.batch, study.examples.table)
    torch.save([base_student(study, words, seed=study.settings.seed)], folder / STUDENT)
    yield "student made"
    if (start := study.fit_start()) is not None:
        np.savez_compressed(folder / START, start=start.astype(np.float32))
    yield "linear models made"
