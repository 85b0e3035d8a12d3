"""The encoder against a plain retelling of its formulas, and its promise of the same digits in any company."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from small_encoder import LAYERS, WIDTH, arrays

from detector.pipeline.encoder import HEAD, TINY, Encoder, read_layers


def norm(state: NDArray[np.float64], weights: dict[str, NDArray[np.float64]], name: str) -> NDArray[np.float64]:
    spread = math.sqrt(((state - state.mean()) ** 2).mean() + TINY)
    return (state - state.mean()) / spread * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def told(pieces: list[int], own: int) -> NDArray[np.float64]:
    """One sequence at a time, one piece at a time, one head at a time, in double precision."""
    weights = {name: array.astype(np.float64) for name, array in arrays().items()}

    def dense(rows: NDArray[np.float64], name: str) -> NDArray[np.float64]:
        return rows @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    embed = "embeddings."
    states = np.stack([
        norm(
            weights[f"{embed}word_embeddings.weight"][piece] + weights[f"{embed}position_embeddings.weight"][place]
            + weights[f"{embed}token_type_embeddings.weight"][int(place >= own)], weights, f"{embed}LayerNorm",
        )
        for place, piece in enumerate(pieces)
    ])  # fmt: skip
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}."
        query, key, value = (dense(states, f"{layer}attention.self.{part}") for part in ("query", "key", "value"))
        heard = np.zeros_like(states)
        for low in range(0, WIDTH, HEAD):
            head = slice(low, low + HEAD)
            for row in range(len(pieces)):
                weight = np.exp(key[:, head] @ query[row, head] / math.sqrt(HEAD))
                heard[row, head] = weight @ value[:, head] / weight.sum()
        states = states + dense(heard, f"{layer}attention.output.dense")
        states = np.stack([norm(state, weights, f"{layer}attention.output.LayerNorm") for state in states])
        wide = dense(states, f"{layer}intermediate.dense")
        wide = wide / 2 * (1 + np.vectorize(math.erf)(wide / math.sqrt(2)))
        states = states + dense(wide, f"{layer}output.dense")
        states = np.stack([norm(state, weights, f"{layer}output.LayerNorm") for state in states])
    return np.concatenate([states[0], states[own:].mean(axis=0)])


SEQUENCES, OWN = (
    [[1, 7, 2, 30, 2], [1, 2, 49, 4, 5, 6, 8, 9, 2], [1, 2], [1, *range(3, 46), 2, 3, 4, 5, 6, 7, 2]],
    [2, 1, 1, 9],
)


def test_states_are_what_the_formulas_say() -> None:
    found = Encoder(arrays(), read_layers(arrays())).pooled(SEQUENCES, OWN)
    expected = np.stack([told(pieces, own) for pieces, own in zip(SEQUENCES, OWN, strict=True)])
    assert found == pytest.approx(expected, abs=2e-5)


def test_a_sequence_is_encoded_alike_in_any_company() -> None:
    encoder = Encoder(arrays(), read_layers(arrays()))
    together = encoder.pooled(SEQUENCES * 5, OWN * 5)
    for number, (pieces, own) in enumerate(zip(SEQUENCES, OWN, strict=True)):
        alone = encoder.pooled([pieces], [own])
        assert all(np.array_equal(alone[0], together[number + len(OWN) * times]) for times in range(5))
