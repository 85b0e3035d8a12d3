"""`python -m training teach`: make the teacher, let it label the pool, and make the base student from that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from spacy.language import Language

from detector.errors import InputError
from detector.labelled import LabelledPost
from detector.pipeline.features_linear import LinearStage
from detector.pipeline.tokenizer import blank_language
from training.again import labelled_again
from training.corpus import AUTHORED, read_corpus
from training.fit import Floats, Settings, fit_linear
from training.lessons import POSTS, START, STUDENT, TEACHER, Taught, soft_labels
from training.pool import Chosen, choose, read_pool, save_posts
from training.student_input import read_words
from training.study import Study
from training.teacher import Hints, Labels, Teacher
from training.teacher_input import Pieces, read_pieces
from training.tuning import base_student

RATE, AGAIN = 5e-5, 0.45  # of the teacher's training: see `Teacher.fit`


def teach(
    public: Sequence[Path], pool: Path, folder: Path, *, settings: Settings, passages: int, authored: Path = AUTHORED
) -> Iterator[str]:
    """Leave in a folder what `train` and `evaluate` need. Nothing in it has seen a natural post, or a copy of one."""
    folder.mkdir(parents=True, exist_ok=True)
    nlp = blank_language()
    corpus = read_corpus(public, authored)
    study = Study.read(corpus, nlp, settings, None)
    teacher = make_teacher(study)
    torch.save(teacher.weights(), folder / TEACHER)
    yield f"teacher: {len(study.shared())} passages"
    chosen = choose_posts(study, pool, nlp, passages=passages)
    yield f"pool: {len(chosen.posts)} posts, {len(chosen.rows)} passages for the teacher to judge"
    hints = label_pool(teacher, chosen, folder)
    study = Study.read(corpus, nlp, settings, folder)
    yield from make_students(study, folder)
    more = choose_more(study, pool, nlp, passages=passages)
    yield f"second round: {len(more.posts)} posts, {len(more.rows)} passages more"
    widen(folder, teacher, hints, more)
    study = Study.read(corpus, nlp, settings, folder)
    taught = labelled_again(study)
    taught.save(folder)
    yield from make_students(replace(study, taught=taught), folder, before=study.start())


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


def choose_posts(study: Study, pool: Path, nlp: Language, *, passages: int) -> Chosen:
    """Posts of the pool that are worth the teacher's time, by a linear stage that saw what every fold may see."""
    coefficients = fit_linear(study.matrix, study.corpus, study.shared(), study.settings)
    posts = list(read_pool(pool, study.corpus.posts))
    found = choose(posts, _yes_or_no(coefficients), nlp, passages=passages, seed=study.settings.seed)
    if not found.posts:
        raise InputError(str(pool), "holds no post that is not among the labelled ones")
    return found


def choose_more(study: Study, pool: Path, nlp: Language, *, passages: int) -> Chosen:
    """Other posts of the pool, by the first round's linear stage."""
    coefficients = study.start()
    if coefficients is None:
        raise ValueError("the first round left no linear models")
    posts = list(read_pool(pool, study.corpus.posts))
    return choose(posts, _yes_or_no(coefficients), nlp, passages=passages, seed=study.settings.seed + 1)


def _yes_or_no(coefficients: Floats) -> LinearStage:
    small = coefficients[:, :1].astype(np.float32)
    return LinearStage(np.ascontiguousarray(small[:-1]), small[-1])


def label_pool(teacher: Teacher, chosen: Chosen, folder: Path) -> Hints:
    """Let the teacher judge the chosen passages, and write posts and judgements down."""
    opinion = teacher.judge(pieces_of(chosen.posts).part(chosen.rows))
    hints = Hints.of(opinion.hidden)
    yes, kinds = soft_labels(opinion.log_odds, opinion.kinds, chosen.log_odds)
    save_posts(folder / POSTS, chosen.posts)
    Taught(tuple(chosen.posts), chosen.rows, yes, kinds, hints.tell(opinion.hidden)).with_plain_truth().save(folder)
    return hints


def widen(folder: Path, teacher: Teacher, hints: Hints, more: Chosen) -> None:
    """Add what the teacher alone thinks of more posts: student and linear models have their say on all of them next."""
    first = Taught.load(folder)
    if not more.posts:
        return
    opinion = teacher.judge(pieces_of(more.posts).part(more.rows))
    yes, kinds = soft_labels(opinion.log_odds, opinion.kinds)
    added = Taught(tuple(more.posts), more.rows, yes, kinds, hints.tell(opinion.hidden))
    save_posts(folder / POSTS, [*first.posts, *more.posts])
    first.widened(added.with_plain_truth()).save(folder)


def make_students(study: Study, folder: Path, *, before: Floats | None = None) -> Iterator[str]:
    """The base student and the linear models that every fold begins with, the latter from those of a round before."""
    words = read_words(study.examples.batch, study.examples.table)
    torch.save([base_student(study, words, seed=study.settings.seed)], folder / STUDENT)
    yield "student made"
    if (start := study.fit_start(before)) is not None:
        np.savez_compressed(folder / START, start=start.astype(np.float32))
    yield "linear models made"
