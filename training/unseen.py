"""What the stages are worth on sources that nothing was trained on: each group scored by models that never saw it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from spacy.language import Language

from detector.errors import InputError
from detector.pipeline.model import CARD
from detector.pipeline.third_stage import ThirdStage
from detector.policy import MODELS, THOROUGH
from training.cascade import Outputs, calibrated_across
from training.corpus import AUTHORED, Corpus, read_corpus
from training.evaluate import Scored
from training.fit import Floats, Rows, Settings
from training.run import figure_lines, make_language, scored_part
from training.sources import Group, divide, lessons_without
from training.study import Study


@dataclass(frozen=True)
class Unseen:
    """Outputs for a group's natural passages by models that saw none of it: of the linear stage, student and teacher.

    Without lessons, of the linear stage alone.
    """

    rows: Rows
    stages: tuple[Floats, ...]


def figures_without(
    file: Path, *, settings: Settings, groups: int, lessons: Path | None = None, corpus_folder: Path = AUTHORED
) -> Iterator[str]:
    """Lines: figures of natural passages by models that saw no post of their group of sources, by stage.

    Each group's calibration is fitted on the other groups, and thresholds are those that ship: a new community has no
    labels to choose others by. `lessons` is where `teach` left lessons without each group.
    """
    corpus, nlp = read_corpus([file], corpus_folder), make_language()
    parts = []
    for number, group in enumerate(divide(corpus, groups)):
        yield f"without {', '.join(sorted(group.families))}"
        folder = None if lessons is None else lessons_without(lessons, number)
        parts.append(unseen(corpus, group, nlp, settings, folder))
    for name, scored in by_stage(corpus, parts, settings):
        yield f"{name}:"
        yield from figure_lines(scored, shipped_threshold(MODELS / THOROUGH if name == THOROUGH else MODELS))


def shipped_threshold(folder: Path) -> float:
    """The default threshold of the model in a folder."""
    return float(json.loads((folder / CARD).read_text(encoding="utf-8"))["threshold"])


def unseen(corpus: Corpus, group: Group, nlp: Language, settings: Settings, folder: Path | None) -> Unseen:
    """Learn from all but the group, with lessons that left it out too, and score its natural passages."""
    study = Study.read(corpus, nlp, settings, folder)
    if study.taught is not None and any(post in group for post in study.taught.posts):
        raise InputError(str(folder), "was taught by sources that are to be left out: `teach` divided them otherwise")
    posts, post = study.corpus.posts, study.corpus.post
    own = np.array([each in group for each in posts], dtype=bool)[post]
    scored = own & scored_part(study.corpus, authored=False)
    found, rows = study.cross(group.held(posts)[post].astype(np.int64), scored), np.flatnonzero(scored)
    if found.second is None or folder is None:
        return Unseen(rows, (found.linear[rows],))
    return Unseen(rows, (found.linear[rows], found.second[rows], _of_teacher(study, folder, rows)))


def _of_teacher(study: Study, folder: Path, rows: Rows) -> Floats:
    from training.third import outputs, read_teacher, stage_arrays  # needs PyTorch

    arrays = stage_arrays(read_teacher(folder), study.settings)
    return outputs(ThirdStage(arrays, study.settings.third_own_kinds_share), study, rows)


def by_stage(corpus: Corpus, parts: Sequence[Unseen], settings: Settings) -> Iterator[tuple[str, Scored]]:
    """The groups' scores together: of the first stage alone, of both, and of the thorough model's three."""
    fold = np.full(len(corpus.passages), -1)
    for number, part in enumerate(parts):
        fold[part.rows] = number
    scored = fold >= 0
    linear, *later = (_together(parts, number, len(fold)) for number in range(len(parts[0].stages)))
    yield "first stage alone", calibrated_across(Outputs(linear, None), corpus, fold, scored, settings)
    if later:
        second, third = later
        cascade = calibrated_across(Outputs(linear, second), corpus, fold, scored, settings)
        yield "cascade", cascade
        from training.third import read_by_third, refined

        yield THOROUGH, refined(cascade, third[scored][read_by_third(cascade, settings)], fold[scored], settings)[0]


def _together(parts: Sequence[Unseen], stage: int, passages: int) -> Floats:
    """A stage's outputs, a row a passage: NaN where none was worked out."""
    found = np.full((passages, parts[0].stages[stage].shape[1]), np.nan)
    for part in parts:
        found[part.rows] = part.stages[stage]
    return found
