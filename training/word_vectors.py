"""Where the student's words begin: at what the encoder knows of each alone, so that rare words are not mere noise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModel

from training.student_input import Words
from training.teacher_input import BEGIN, SEPARATOR, Pieces, encoder_folder

Floats = NDArray[np.float32]
SCALE = 0.12  # standard deviation of the vectors: about that of the student's other embeddings
LONGEST, AT_ONCE = 8, 256  # word pieces read of a word; words read together


def begin_with(words: Words, texts: Sequence[str], table: Any) -> None:  # noqa: ANN401 (a tensor)
    """Write the vectors of the commonest word of each bucket into a table of embeddings, a row a bucket."""
    common = _commonest(words)
    states = _encoded([texts[number].lower() for number in common.tolist()])
    vectors = _narrowed(states, table.shape[1])
    with torch.no_grad():
        table[torch.from_numpy(words.bucket[common].astype(np.int64))] = torch.from_numpy(vectors)


def _commonest(words: Words) -> NDArray[np.int64]:
    """Of each bucket that holds any, the number of the word that occurs most."""
    often = np.bincount(words.word, minlength=len(words.bucket))
    order = np.lexsort((-often, words.bucket))
    _, first = np.unique(words.bucket[order], return_index=True)
    return np.asarray(order[first])


def _encoded(texts: Sequence[str]) -> Floats:
    """Each word's mean state by the encoder as it comes."""
    from tokenizers import Tokenizer

    torch.set_num_threads(1)
    tokenizer = Tokenizer.from_file(str(encoder_folder().joinpath("tokenizer.json")))
    tokenizer.no_padding()
    found = [one.ids[:LONGEST] for one in tokenizer.encode_batch(list(texts), add_special_tokens=False)]
    pieces = Pieces([[BEGIN, *ids, SEPARATOR] for ids in found], np.ones(len(found), dtype=np.int64))
    encoder = AutoModel.from_pretrained(str(encoder_folder()), add_pooling_layer=False).eval()
    states = np.zeros((len(texts), encoder.config.hidden_size), dtype=np.float32)
    with torch.inference_mode():
        for rows in pieces.batches(np.arange(len(texts)), AT_ONCE):
            ids, present, _ = (torch.from_numpy(one) for one in pieces.padded(rows))
            signal = encoder(input_ids=ids, attention_mask=present).last_hidden_state
            mask = present.unsqueeze(-1).float()
            states[rows] = ((signal * mask).sum(1) / mask.sum(1)).numpy()
    return states


def _narrowed(states: Floats, size: int) -> Floats:
    """The directions in which states differ most, evened out a little, at one scale."""
    apart = states - states.mean(axis=0)
    spread, directions = np.linalg.eigh(apart.T @ apart / len(apart))
    found = apart @ directions[:, -size:] / np.maximum(spread[-size:], 1e-9) ** 0.25
    return np.asarray(found * (SCALE / max(float(found.std()), 1e-9)), dtype=np.float32)
