"""The classifier: plain arrays with a card and a checksum, never unpickled."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from detector.errors import ModelError
from detector.pipeline.features import Batch, Ints, read_batch
from detector.pipeline.features_linear import Floats, LinearStage
from detector.pipeline.model_reasons import explain
from detector.reading import KINDS, RECOMMENDATION_KINDS, TARGETS, Judgement, Passage

VERSION = 1  # of the features and arrays; a model of another version is refused
WEIGHTS, CARD = "weights.npz", "card.json"
YES = len(RECOMMENDATION_KINDS)
LEAST = 1e-12  # no kind is impossible: a side whose kinds all are could not be divided among them
EVEN = 0.5  # the probability from which a passage is rather a recommendation than not


@dataclass(frozen=True, slots=True)
class Scores:
    """What the model says of each passage of a batch: `kinds` has P(kind) a column, `targets` numbers of `TARGETS`."""

    batch: Batch
    linear: Floats
    log_odds: Floats
    probability: Floats
    kinds: Floats
    targets: Ints


class Model:
    """Judges passages. Arrays: see `training/fit.py`, which makes them."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], card: Mapping[str, Any]) -> None:
        self.card = card
        self.checksum = str(card["sha256"])
        self.threshold = float(card["threshold"])
        small = arrays["linear"].astype(np.float32)
        self.linear = LinearStage(small * np.abs(small) * arrays["linear_step"], arrays["linear_bias"])
        self._kinds_share = float(arrays["kinds_share"][0])
        self._calibration = arrays["calibration"]

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Read a model folder and check it against its card. Raises `ModelError`."""
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
                return cls(dict(archive), card)
        except (BadZipFile, KeyError, ValueError) as error:
            raise ModelError(str(folder / WEIGHTS), f"lacks something: {error}") from error

    def score(self, docs: Sequence[Doc], bounds: Sequence[Sequence[tuple[int, int]]]) -> Scores:
        """Score passages (bounds in code points of each doc) in the light of their posts."""
        batch = read_batch(docs, bounds, self.linear.table)
        linear = self.linear.score(batch)
        log_odds = np.interp(mixed_log_odds(linear, self._kinds_share), *self._calibration).astype(np.float32)
        probability = 1 / (1 + np.exp(-log_odds))
        kinds = np.maximum(kind_probabilities(linear), LEAST)
        for side, share in ((slice(None, YES), probability), (slice(YES, None), 1 - probability)):
            kinds[:, side] *= (share / kinds[:, side].sum(axis=1))[:, None]
        return Scores(batch, linear, log_odds, probability, kinds, linear[:, 1 + len(KINDS) :].argmax(axis=1))

    def judge(
        self, docs: Sequence[Doc], passages: Sequence[Sequence[Passage]], *, explain_from: float = 2.0
    ) -> list[tuple[Judgement, ...]]:
        """Judge the claims among these passages; reasons for those of at least this probability."""
        if not docs:
            return []
        scores = self.score(docs, [[(one.start, one.end) for one in of_doc] for of_doc in passages])
        roles = np.array([one.role == "claim" for of_doc in passages for one in of_doc], dtype=bool)
        wanted = np.flatnonzero(roles & (scores.probability >= explain_from))
        reasons = explain(self.linear, scores.batch, docs, scores.log_odds, wanted)
        rows = enumerate(_rows(scores))
        return [
            tuple(
                Judgement(one.start, one.end, *row, reasons=reasons.get(number, ()))
                for one, (number, row) in zip(of_doc, rows, strict=False)
                if one.role == "claim"
            )
            for of_doc in passages
        ]


def _rows(scores: Scores) -> Iterator[tuple[float, str, str, str, dict[str, float]]]:
    """Probability, kind, recommendation kind, target and kinds of each passage."""
    columns = (
        scores.probability.tolist(), scores.kinds.tolist(), scores.kinds[:, :YES].argmax(axis=1).tolist(),
        scores.kinds[:, YES:].argmax(axis=1).tolist(), scores.targets.tolist(),
    )  # fmt: skip
    for probability, kinds, yes, no, target in zip(*columns, strict=True):
        kind = KINDS[yes] if probability >= EVEN else KINDS[YES + no]
        yield probability, kind, KINDS[yes], TARGETS[target], dict(zip(KINDS, kinds, strict=True))


def kind_probabilities(linear: NDArray[Any]) -> NDArray[Any]:
    """P(kind) by the linear stage's kind outputs alone."""
    outputs = linear[:, 1 : 1 + len(KINDS)]
    raised = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def mixed_log_odds(linear: NDArray[Any], kinds_share: float) -> NDArray[Any]:
    """Log-odds of a recommendation: those of the yes-or-no output and of the kinds' together."""
    yes = np.clip(kind_probabilities(linear)[:, :YES].sum(axis=1), 1e-6, 1 - 1e-6)
    return np.asarray((1 - kinds_share) * linear[:, 0] + kinds_share * np.log(yes / (1 - yes)))
