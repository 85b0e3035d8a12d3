"""The commands of `python -m training` as plain functions that yield lines to print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language

from detector.pipeline.model import Model
from detector.pipeline.tokenizer import blank_language
from detector.reading import KINDS
from training import baselines
from training.card import write_cards
from training.cascade import calibrated_across, calibration_arrays
from training.corpus import AUTHORED, Corpus, file_hashes, read_corpus
from training.dialects import by_dialect
from training.evaluate import Scored, best_threshold, overall, report, scored_by
from training.fit import Settings
from training.lessons import TAUGHT_FILES, holds_teacher
from training.metrics import average_precision, best_f1, figure, recall_at
from training.save import drop_thorough, save_model
from training.segments import segmented
from training.study import Study

Bools = NDArray[np.bool_]


def train_model(
    public: Sequence[Path],
    out: Path,
    *,
    settings: Settings,
    folds: int = 5,
    authored: Path = AUTHORED,
    lessons: Path | None = None,
) -> Iterator[str]:
    """Cross-validate, fit on everything, write weights, card.json and CARD.md.

    Without `lessons`, a folder that `teach` wrote, the model has a linear stage only.
    """
    corpus = read_corpus(public, authored)
    yield f"{len(corpus.posts)} posts, {len(corpus.passages)} passages, {int(corpus.truth.sum())} recommendations"
    study = Study.read(corpus, make_language(), settings, lessons)
    natural = scored_part(study.corpus, authored=not public)
    fold = study.corpus.fold(folds, seed=settings.seed)
    outputs = study.cross(fold, natural)
    scored = calibrated_across(outputs, study.corpus, fold, natural, settings)
    threshold = best_threshold(scored)
    arrays = study.fit() | calibration_arrays(outputs, study.corpus, natural, settings)
    card = {
        "threshold": threshold,
        "spacy": version("spacy"),
        "settings": asdict(settings),
        "data": {
            "files": file_hashes([*public, *authored.glob("*.txt")]),
            "lessons": {} if lessons is None else file_hashes(lessons / name for name in TAUGHT_FILES),
            "posts": len(corpus.posts),
            "passages": len(corpus.passages),
            "recommendations": int(corpus.truth.sum()),
            "taught": 0 if study.taught is None else len(study.taught.rows),
            "scored_on": "natural" if public else "authored",
            "folds": folds,
        },
        "figures": rounded(report(scored, threshold)),
        "dialects": rounded(by_dialect(study, settings, folds=folds)),
    }
    save_model(out, arrays, card)
    drop_thorough(out)
    write_cards(out)
    yield from figure_lines(scored, threshold)
    if holds_teacher(lessons):
        from training.third import save_thorough, score_thorough  # needs PyTorch

        thorough = score_thorough(study, scored, np.flatnonzero(natural), fold[natural])
        threshold = best_threshold(thorough.scored)
        figures = {"threshold": threshold, "figures": rounded(report(thorough.scored, threshold)), "dialects": {}}
        save_thorough(thorough, out, card | figures, settings)
        write_cards(out)
        yield "thorough:"
        yield from figure_lines(thorough.scored, threshold)


def cross_validate_file(
    file: Path,
    *,
    settings: Settings,
    folds: int | None,
    authored: bool = False,
    corpus_folder: Path = AUTHORED,
    lessons: Path | None = None,
) -> Iterator[str]:
    """Cross-validated figures by folds of posts or (folds None) one fold a source; baselines beside."""
    corpus = read_corpus([file], corpus_folder)
    study = Study.read(corpus, make_language(), settings, lessons)
    part = scored_part(study.corpus, authored=authored)
    fold = (
        np.unique(study.corpus.dataset, return_inverse=True)[1]
        if folds is None
        else study.corpus.fold(folds, seed=settings.seed)
    )
    scored = calibrated_across(study.cross(fold, part), study.corpus, fold, part, settings)
    yield from figure_lines(scored, best_threshold(scored))
    if holds_teacher(lessons):
        from training.third import score_thorough  # needs PyTorch

        thorough = score_thorough(study, scored, np.flatnonzero(part), fold[part]).scored
        yield "thorough:"
        yield from figure_lines(thorough, best_threshold(thorough))
    own = slice(None, len(corpus.passages))
    rivals = {
        "keyword list": baselines.keyword_scores(corpus),
        "words and characters, TF-IDF": baselines.tfidf_scores(corpus, fold[own], part[own]),
    }
    for name, score in rivals.items():
        yield f"baseline: {name}"
        yield from _baseline_lines(corpus, score, part[own])


def _baseline_lines(corpus: Corpus, score: NDArray[np.float64], part: Bools) -> Iterator[str]:
    measures = {"average_precision": average_precision, "best_f1": best_f1, "recall_at_80_precision": recall_at(0.8)}
    for label, measure in measures.items():
        of_weight = partial(measure, corpus.truth[part], score[part])
        yield f"  {label:45} {figure(of_weight, corpus.post[part])}"


def evaluate_model(file: Path, folder: Path, *, segment: bool) -> Iterator[str]:
    """Figures of a finished model on a labelled file; with `segment`, on passages that our own pipeline finds."""
    corpus, model, nlp = read_corpus([file], None), Model.load(folder), make_language()
    scored = segmented(corpus, model, nlp) if segment else score_corpus(corpus, model, nlp)
    yield from figure_lines(scored, model.threshold)


def score_corpus(corpus: Corpus, model: Model, nlp: Language, *, size: int = 256) -> Scored:
    """The labelled passages as a finished model scores them."""
    probabilities, kinds = [], []
    for start in range(0, len(corpus.posts), size):
        posts = corpus.posts[start : start + size]
        bounds = [[(one.start, one.end) for one in post.passages] for post in posts]
        scores = model.score([nlp.make_doc(post.text) for post in posts], bounds)
        probabilities.append(scores.probability)
        kinds.append(scores.kinds)
    return scored_by(corpus, corpus.kind >= 0, np.concatenate(probabilities), np.concatenate(kinds))


def scored_part(corpus: Corpus, *, authored: bool) -> Bools:
    """The passages that figures are about: natural public ones, or the authored."""
    return np.asarray((corpus.split == ("authored" if authored else "natural")) & (corpus.kind >= 0))


def make_language() -> Language:
    """The tokeniser that the pipeline uses."""
    return blank_language()


def figure_lines(scored: Scored, threshold: float) -> Iterator[str]:
    """The report as lines."""
    yield f"{len(scored.truth)} passages, {int(scored.truth.sum())} recommendations, threshold {threshold}"
    for name, value in overall(scored, threshold).items():
        yield f"  {name:45} {value}"
    figures = report(scored, threshold)
    yield f"  {'kind':45} passages     f1  flagged"
    for name in KINDS:
        row = figures["kinds"][name]
        yield f"  {name:45} {row['passages']:8} {row['f1']:6.3f} {row['flagged']:8.3f}"
    yield f"  {'source':45} passages   true  flagged     AP     F1"
    for name, row in figures["sources"].items():
        ending = f"{row['average_precision']:6.3f} {row['f1']:6.3f}" if "f1" in row else ""
        yield f"  {name:45} {row['passages']:8} {row['recommendations']:6} {row['flagged']:8} {ending}".rstrip()


def rounded(value: Any) -> Any:  # noqa: ANN401 (what JSON holds)
    """Figures to four places, so that a card is readable."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [rounded(inner) for inner in value]
    return round(value, 4) if isinstance(value, float) else value
