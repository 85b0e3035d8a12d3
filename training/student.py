"""The student: the network of the second stage, as PyTorch trains it on labels and on what the teacher thinks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from detector.pipeline.second_stage import CLASSES, GRAM_BITS, RANKS, REMAINING, SEPARATOR, WORD_BITS
from detector.pipeline.second_stage_layout import BEFORE, BEHIND, ITSELF, PARTS
from detector.reading import KINDS
from training.student_input import Words
from training.teacher_input import HINTS, Ints

Floats = NDArray[np.float32]
DIM, WIDE, HIDDEN, PLACES = 48, 96, 128, 16
DROP, KINDS_SHARE, HINT_SHARE, SIZE = 0.2, 0.3, 0.5, 128
STEPS = (1, 1, 2)  # how far apart the three tokens are that each convolution looks at


@dataclass(frozen=True, slots=True)
class Lessons:
    """What to learn of passages `rows`: shares of yes and of the kinds, how much each counts, the teacher's hints.

    A hint is the teacher's hidden state, boiled down; NaN where there is none.
    """

    rows: Ints
    yes: Floats
    kinds: Floats
    weight: Floats
    hint: Floats

    def part(self, chosen: Ints) -> Lessons:
        """These lessons alone."""
        return Lessons(self.rows[chosen], self.yes[chosen], self.kinds[chosen], self.weight[chosen], self.hint[chosen])


class Student:
    """Hashed words and word classes, three convolutions, pooled parts, two heads, and in training a third: the hint."""

    def __init__(self, seed: int = 0) -> None:
        torch.set_num_threads(1)
        torch.manual_seed(seed)
        self._generator = np.random.default_rng(seed)
        nn = torch.nn
        self.modules: Any = nn.ModuleDict(
            {
                "word": nn.Embedding(1 << WORD_BITS, DIM), "gram": nn.Embedding(1 << GRAM_BITS, DIM),
                "kind": nn.Embedding(SEPARATOR + 1, DIM), "part": nn.Embedding(PARTS + 1, DIM),
                "flag": nn.Linear(CLASSES + 1, DIM, bias=False),
                **{
                    f"convolution{n}": nn.Conv1d(WIDE if n > 1 else DIM, WIDE, 3, padding=step, dilation=step)
                    for n, step in enumerate(STEPS, 1)
                },
                "attention": nn.Linear(WIDE, 1), "place": nn.Embedding(RANKS + REMAINING + 2, PLACES),
                "hidden": nn.Linear(4 * WIDE + PLACES, HIDDEN), "out": nn.Linear(HIDDEN, 1 + len(KINDS)),
                "hint": nn.Linear(2 * WIDE, HINTS),
            }
        )  # fmt: skip
        for name in ("word", "gram", "kind", "part"):
            nn.init.normal_(self.modules[name].weight, 0, 0.1)

    def fit(self, words: Words, lessons: Lessons, *, epochs: int, rate: float) -> None:
        """Learn all lessons so many times."""
        steps = [batch for _ in range(epochs) for batch in self._batches(words, lessons.rows)]
        optimizer = torch.optim.AdamW(self.modules.parameters(), lr=rate, weight_decay=0.02, fused=True)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=len(steps) + 1, pct_start=0.15)
        self.modules.train()
        for batch in steps:
            loss = self._loss(words, lessons.part(batch))
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.modules.parameters(), 2.0)
            optimizer.step()
            schedule.step()
        self.modules.eval()

    def _batches(self, words: Words, rows: Ints) -> list[Ints]:
        """Places in `rows`, those of passages of like length together, in random order."""
        length = words.batch.size[rows] + self._generator.uniform(-1.5, 1.5, len(rows))
        order = np.argsort(length, kind="stable")
        starts = self._generator.permutation(np.arange(0, len(rows), SIZE))
        return [order[start : start + SIZE] for start in starts.tolist()]

    def _loss(self, words: Words, lessons: Lessons) -> Any:  # noqa: ANN401 (a tensor)
        out, hint = self._forward(words.padded(lessons.rows), DROP)
        goal = {name: torch.from_numpy(getattr(lessons, name)) for name in ("yes", "kinds", "weight", "hint")}
        of_kinds = -(goal["kinds"] * out[:, 1:].log_softmax(1)).sum(1)
        of_yes = functional.binary_cross_entropy_with_logits(out[:, 0], goal["yes"], reduction="none")
        of_hint = ((hint - goal["hint"].nan_to_num()).square() * goal["hint"].isfinite()).mean(1)
        return ((KINDS_SHARE * of_kinds + of_yes) * goal["weight"] + HINT_SHARE * of_hint).mean()

    def _forward(self, arrays: dict[str, NDArray[Any]], drop: float) -> tuple[Any, Any]:
        """Log-odds of a recommendation with the kinds' scores, and the guess at the teacher's hidden state."""
        net, x = self.modules, {name: torch.from_numpy(array) for name, array in arrays.items()}
        grams = functional.embedding_bag(x["gram"], net["gram"].weight, x["offset"], mode="mean")
        vectors = (net["word"](x["bucket"]) + grams + net["flag"](x["flags"])) * x["real"][:, None]
        if drop:  # now and then a word is known by its class alone
            vectors = vectors * (torch.rand(len(vectors), 1) > drop * 0.6).float()
        there = (x["part"] < PARTS).float().unsqueeze(1)
        signal = functional.embedding(x["index"], vectors) + net["kind"](x["kind"]) + net["part"](x["part"])
        signal = functional.dropout(signal.transpose(1, 2), drop) * there
        for number in range(1, len(STEPS) + 1):
            found = functional.relu(net[f"convolution{number}"](signal)) * there
            signal = signal + found if number > 1 else found
        columns = [*self._pool(signal, x["part"]), net["place"](x["place"]).sum(1)]
        hidden = functional.relu(net["hidden"](functional.dropout(torch.cat(columns, 1), drop)))
        out = net["out"](functional.dropout(hidden, 2 * drop))
        return out, net["hint"](torch.cat(columns[:2], 1))

    def _pool(self, signal: Any, part: Any) -> list[Any]:  # noqa: ANN401 (tensors)
        """Highest of the passage, its attention-weighted mean, highest of what stands before and after."""
        own, before, behind = ((part == number).unsqueeze(1) for number in (ITSELF, BEFORE, BEHIND))
        raw = self.modules["attention"](signal.transpose(1, 2)).transpose(1, 2)
        attention = raw.masked_fill(~own, -30).softmax(2)
        return [
            (signal * own).amax(2), (signal * attention).sum(2), (signal * before).amax(2), (signal * behind).amax(2)
        ]  # fmt: skip

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The weights under the names, and in the order of axes, that the second stage reads; as 16-bit floats."""
        found = {}
        for name, value in self.modules.state_dict().items():
            module, _, what = name.rpartition(".")
            array = value.numpy()
            if module.startswith("convolution") and what == "weight":
                array = array.transpose(2, 1, 0)
            elif module in ("flag", "attention", "hidden", "out") and what == "weight":
                array = array.T
            if module != "hint":
                found[module if what == "weight" else f"{module}_bias"] = array.astype(np.float16)
        return found

    def weights(self) -> dict[str, Any]:
        """A copy of everything learnt."""
        return {name: value.clone() for name, value in self.modules.state_dict().items()}

    def take(self, weights: dict[str, Any]) -> None:
        """Go on from these weights."""
        self.modules.load_state_dict(weights)
