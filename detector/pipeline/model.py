"""The classifier: plain arrays with a card and a checksum, never unpickled."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from detector.errors import ModelError
from detector.pipeline.cascade import divided, joint_kinds, joint_log_odds, kind_probabilities, mixed_log_odds
from detector.pipeline.features import Batch, Ints, read_batch
from detector.pipeline.features_linear import Floats, LinearStage, scaled_blocks, unpacked
from detector.pipeline.model_reasons import explain
from detector.pipeline.second_stage import PREFIX, SecondStage
from detector.pipeline.tokens import Tokens
from detector.reading import KINDS, RECOMMENDATION_KINDS, TARGETS, Judgement, Passage

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from detector.pipeline.third_stage import Third

VERSION = 2  # of the features and arrays; a model of another version is refused
WEIGHTS, CARD = "weights.npz", "card.json"
BASE, BASE_SHA256 = "base", "base_sha256"  # of a model that builds on another: its folder (in the card), its checksum
YES = len(RECOMMENDATION_KINDS)
SECOND_SETTINGS = ("gate", "share", "kinds_share")
EVEN = 0.5  # the probability from which a passage is rather a recommendation than not


@dataclass(frozen=True, slots=True)
class Scores:
    """What the model says of the passages of a batch.

    Of every passage: `log_odds` and `probability` of being a recommendation, and `in_order`, what the stages behind the
    linear one added to the log-odds (0 where they were not asked). Of the passages `rows` alone: `linear`
    (all outputs of the linear stage), `kinds` (P(kind) a column) and `targets` (numbers of `TARGETS`).
    """

    batch: Batch
    log_odds: Floats
    in_order: Floats
    probability: Floats
    rows: Ints
    linear: Floats
    kinds: Floats
    targets: Ints

    @property
    def outcome(self) -> Floats:
        """Of every passage: its log-odds, and what of them the stages behind the linear one added."""
        return np.stack([self.log_odds, self.in_order], axis=1)


@dataclass(frozen=True, slots=True)
class Second:
    """The second stage with what its outputs need: which passages it reads, and how much it counts."""

    stage: SecondStage
    calibration: NDArray[Any]
    gate: float
    share: float
    kinds_share: float

    def refine(self, batch: Batch, rows: Ints, raw: Floats, log_odds: Floats, kinds: Floats) -> None:
        """Write both stages' log-odds (of all passages) and P(kind) (of `rows`) where `raw` is above the gate."""
        read = (raw[rows] > self.gate).nonzero()[0]
        if not len(read):
            return
        asked = rows[read]
        found = self.stage.score(batch, asked)
        log_odds[asked] = np.interp(joint_log_odds(raw[asked], found, self.share), *self.calibration)
        kinds[read] = joint_kinds(kinds[read], found, self.kinds_share)


@dataclass(frozen=True, slots=True)
class Judged:
    """The judgements of one doc's claims, and the highest probability among all of them (None without a claim)."""

    judgements: tuple[Judgement, ...]
    score: float | None


class Model:
    """Judges passages. Arrays: see `training/fit.py`, which makes them.

    The yes-or-no output is computed for every passage. The others (kinds and targets, nineteen of twenty) are only
    for passages above the `gate`: below it nothing that they could say would make a recommendation of the passage.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]], card: Mapping[str, Any]) -> None:
        self.card = card
        self.checksum = str(card["sha256"])
        self.threshold = float(card["threshold"])
        weights, steps, bias = (arrays[name] for name in ("linear", "linear_step", "linear_bias"))
        self.linear = LinearStage(np.ascontiguousarray(unpacked(weights[:, :1], steps[:1])), bias[:1])
        others = np.ascontiguousarray(weights[:, 1:])
        self._others = LinearStage(others, bias[1:], self.linear.table, steps=steps[1:])
        self._kinds_share, self.gate = float(arrays["kinds_share"][0]), float(arrays["gate"][0])
        self._calibration = arrays["calibration"]
        self._second: Second | None = None
        if "second_gate" in arrays:
            own = {name.removeprefix(PREFIX): array for name, array in arrays.items() if name.startswith(PREFIX)}
            self._second = Second(
                SecondStage(own, self.linear.table), own["calibration"], *(float(own[n][0]) for n in SECOND_SETTINGS)
            )
        self._third: Third | None = None
        if "third_gate" in arrays:
            from detector.pipeline.third_stage import Third  # of the thorough model alone

            self._third = Third.read(arrays)

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Read a model folder, with the base that it may build on, and check it. Raises `ModelError`."""
        arrays, card = read_folder(folder)
        if BASE in card:
            base, of_base = read_folder(folder / card[BASE])
            if arrays[BASE_SHA256].tobytes().hex() != of_base["sha256"]:
                raise ModelError(str(folder), f"was made for another base than {folder / card[BASE]}")
            arrays = base | arrays
        try:
            return cls(arrays, card)
        except (KeyError, ValueError) as error:
            raise ModelError(str(folder / WEIGHTS), f"lacks something: {error}") from error

    def score(
        self, docs: Sequence[Tokens | Doc], bounds: Sequence[Sequence[tuple[int, int]]], *, everything: bool = True
    ) -> Scores:
        """Score passages (bounds in code points of each doc) in the light of their posts.

        Without `everything`, kinds and targets are worked out above the gate only; probabilities are the same.
        """
        batch = read_batch(docs, bounds, self.linear.table)
        blocks = list(scaled_blocks(batch))
        raw = self.linear.score(batch, blocks)[:, 0]
        rows = np.arange(len(raw)) if everything else (raw > self.gate).nonzero()[0]
        if not len(rows):
            return self._plain_scores(batch, raw, rows)
        linear = np.concatenate([raw[rows, None], self._others.score(batch, blocks, rows)], axis=1)
        raw[rows] = mixed_log_odds(linear, self._kinds_share, self.gate)
        first = self._calibrated(raw)
        log_odds, kinds = first.copy(), kind_probabilities(linear)
        if self._second is not None:
            self._second.refine(batch, rows, raw, log_odds, kinds)
        if self._third is not None:
            self._third.refine(batch, _text_of(docs, bounds, batch), rows, log_odds, kinds)
        probability = _logistic(log_odds)
        kinds = divided(kinds, probability[rows])
        targets = linear[:, 1 + len(KINDS) :].argmax(axis=1)
        return Scores(batch, log_odds, log_odds - first, probability, rows, linear, kinds, targets)

    def _plain_scores(self, batch: Batch, raw: Floats, rows: Ints) -> Scores:
        """Where the yes-or-no output of the linear stage says all."""
        log_odds, nothing = self._calibrated(raw), np.zeros((0, len(KINDS)), dtype=np.float32)
        return Scores(batch, log_odds, np.zeros_like(log_odds), _logistic(log_odds), rows, nothing, nothing, rows)

    def _calibrated(self, raw: Floats) -> Floats:
        return np.asarray(np.interp(raw, *self._calibration), dtype=np.float32)

    def judge(
        self,
        docs: Sequence[Tokens | Doc],
        passages: Sequence[Sequence[Passage]],
        *,
        explain_from: float = 2.0,
        judge_from: float = 0.0,
    ) -> list[Judged]:
        """Judge the claims among these passages that are at least that probable, with reasons for the likelier ones.

        The highest probability of each doc is of all its claims, judged or not.
        """
        if not docs:
            return []
        bounds = [[(one.start, one.end) for one in of_doc] for of_doc in passages]
        scores = self.score(docs, bounds, everything=judge_from <= 0)
        flat = [one for of_doc in passages for one in of_doc]
        claims = np.array([one.role == "claim" for one in flat], dtype=bool)
        wanted = (claims & (scores.probability >= explain_from)).nonzero()[0]
        reasons = {}
        if len(wanted):
            reasons = explain(self.linear, scores.batch, lambda post: docs[post].text, scores.outcome, wanted)
        found: list[list[Judgement]] = [[] for _ in docs]
        judged = (claims[scores.rows] & (scores.probability[scores.rows] >= judge_from)).nonzero()[0]
        numbers = scores.rows[judged]
        posts = scores.batch.post[numbers].tolist()
        for number, post, row in zip(numbers.tolist(), posts, _rows(scores, judged), strict=True):
            one = flat[number]
            found[post].append(Judgement(one.start, one.end, *row, reasons=reasons.get(number, ())))
        highest = _highest(scores, claims, len(docs))
        return [Judged(tuple(judgements), score) for judgements, score in zip(found, highest, strict=True)]


def read_folder(folder: Path) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Arrays and card of a model folder, checked against each other, never unpickled. Raises `ModelError`."""
    try:
        card = json.loads((folder / CARD).read_bytes())
        data = (folder / WEIGHTS).read_bytes()
    except (OSError, ValueError) as error:
        raise ModelError(str(folder), f"cannot be read: {error}") from error
    if card.get("version") != VERSION:
        raise ModelError(str(folder), f"is of version {card.get('version')}, this package reads {VERSION}")
    if hashlib.sha256(data).hexdigest() != card.get("sha256"):
        raise ModelError(str(folder / WEIGHTS), "does not match the checksum in its card")
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            return dict(archive), card
    except (BadZipFile, ValueError) as error:
        raise ModelError(str(folder / WEIGHTS), f"lacks something: {error}") from error


def _logistic(log_odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-log_odds)))


def _highest(scores: Scores, claims: NDArray[np.bool_], docs: int) -> list[float | None]:
    """The highest probability among each doc's claims."""
    best = np.full(docs, -1.0)
    np.maximum.at(best, scores.batch.post[claims], scores.probability[claims])
    return [None if one < 0 else one for one in best.tolist()]


def _text_of(
    docs: Sequence[Tokens | Doc], bounds: Sequence[Sequence[tuple[int, int]]], batch: Batch
) -> Callable[[int], str]:
    """The words of a passage, by its number in the batch."""
    texts = [doc.text for doc in docs]
    flat = [span for of_doc in bounds for span in of_doc]
    return lambda row: texts[batch.post[row]][slice(*flat[row])]


def _rows(scores: Scores, judged: Ints) -> Iterator[tuple[float, str, str, str, dict[str, float]]]:
    """Probability, kind, recommendation kind, target and kinds of those of `scores.rows` that are `judged`."""
    shares = scores.kinds[judged]
    columns = (
        scores.probability[scores.rows[judged]].tolist(), shares.tolist(), shares[:, :YES].argmax(axis=1).tolist(),
        shares[:, YES:].argmax(axis=1).tolist(), scores.targets[judged].tolist(),
    )  # fmt: skip
    for probability, kinds, yes, no, target in zip(*columns, strict=True):
        kind = KINDS[yes] if probability >= EVEN else KINDS[YES + no]
        yield probability, kind, KINDS[yes], TARGETS[target], dict(zip(KINDS, kinds, strict=True))
