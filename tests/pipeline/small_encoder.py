"""An encoder of random weights, small enough for tests, in files as a real one's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from detector.pipeline.encoder import HEAD

WIDTH, WIDE, LAYERS, WORDS = 2 * HEAD, 96, 2, 400


def arrays(*, seed: int = 0) -> dict[str, NDArray[np.float32]]:
    """A small encoder of random weights, named as in a real one's file."""
    generator = np.random.default_rng(seed)
    shapes = {
        "embeddings.word_embeddings.weight": (WORDS, WIDTH),
        "embeddings.position_embeddings.weight": (90, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        "embeddings.LayerNorm.weight": (WIDTH,),
        "embeddings.LayerNorm.bias": (WIDTH,),
    }
    for number in range(LAYERS):
        prefix = f"encoder.layer.{number}."
        for name, (wide, narrow) in {
            "attention.self.query": (WIDTH, WIDTH),
            "attention.self.key": (WIDTH, WIDTH),
            "attention.self.value": (WIDTH, WIDTH),
            "attention.output.dense": (WIDTH, WIDTH),
            "intermediate.dense": (WIDE, WIDTH),
            "output.dense": (WIDTH, WIDE),
        }.items():
            shapes |= {f"{prefix}{name}.weight": (wide, narrow), f"{prefix}{name}.bias": (wide,)}
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes |= {f"{prefix}{name}.weight": (WIDTH,), f"{prefix}{name}.bias": (WIDTH,)}
    return {name: generator.normal(scale=0.3, size=shape).astype(np.float32) for name, shape in shapes.items()}


def save_encoder(folder: Path, *, seed: int = 0) -> Path:
    """Write weights and a tokenizer that knows letters; returns the folder."""
    save_file(arrays(seed=seed), folder / "model.safetensors")
    letters = "abcdefghijklmnopqrstuvwxyz0123456789.,$"
    first = {"[UNK]": 0} | {f"[{number}]": number for number in range(1, 110)}
    vocabulary = first | {letter: 110 + number for number, letter in enumerate(letters)}
    vocabulary |= {f"##{letter}": 200 + number for number, letter in enumerate(letters)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))  # noqa: S106 (no secret)
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder
