"""What the compiled modules offer, for type checkers and readers. What each function does stands where it is used."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

# Of `detector.pipeline`, a layer above:
Batch: TypeAlias = Any
LexemeTable: TypeAlias = Any
Lexicon: TypeAlias = Any
Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]


class Scans(Protocol):
    """`detector/compiled/scans.pyx`."""

    def spaced_words(
        self, text: str, match: Callable[[str, int], re.Match[str] | None], abbreviations: frozenset[str], /
    ) -> list[str]: ...

    def runs(self, text: str, known: set[str], shortest: int, /) -> set[str]: ...

    def has_beside_figure(self, text: str, /) -> bool: ...

    def has_sign(self, text: str, /) -> bool: ...

    def has_parted(self, text: str, /) -> bool: ...


class Sums(Protocol):
    """`detector/compiled/sums.pyx`. Arrays are C-contiguous."""

    def known_rows(self, row_of: dict[str, int], words: list[str], rows: Ints, sizes: Ints, /) -> list[str]: ...

    def new_rows(self, used: Ints, held: Bytes, /) -> Ints: ...

    def insert_words(
        self,
        table: LexemeTable,
        words: list[str],
        first: int,
        known: Lexicon,
        read: Callable[[str, Lexicon], tuple[int, int, int, bool, str]],
        string_id: Callable[[str], int],
        shapes: tuple[int, ...],
        longest: int,
        /,
    ) -> None: ...

    def batch_columns(
        self,
        rows: Ints,
        sizes: Ints,
        counts: Ints,
        text_sizes: Ints,
        edges: Ints,
        per_post: Ints,
        table: LexemeTable,
        is_number: Bytes,
        *,
        space: int,
        dollar: int,
        cashtag: int,
        longest_section: int,
    ) -> tuple[Any, ...]: ...

    def word_grams(self, batch: Batch, /) -> Hashes: ...

    def class_grams(self, batch: Batch, /) -> Hashes: ...

    def verbs(
        self,
        batch: Batch,
        at: Ints,
        people: Hashes,
        modals: Hashes,
        negation: np.uint64,
        openers: Bytes,
        *,
        ask: int,
        forms: int,
        near: int,
    ) -> Hashes: ...

    def passages(
        self, batch: Batch, people: np.uint64, form_masks: Hashes, labels: Hashes, is_number: Bytes, *, ask: int
    ) -> Hashes: ...

    def add_hashed(
        self,
        scores: Floats,
        weights: NDArray[Any],
        steps: Floats | None,
        hashes: Hashes,
        owner: Ints,
        value: Floats,
        place: Ints,
        bits: int,
        /,
    ) -> None: ...

    def add_words(self, scores: Floats, known: Floats, batch: Batch, place: Ints, /) -> None: ...

    def learn_words(
        self,
        known: Floats,
        weights: NDArray[Any],
        steps: Floats | None,
        rows: Ints,
        words: list[str],
        norms: Hashes,
        heads: Floats,
        first_head: int,
        characters: float,
        smallest: int,
        largest: int,
        bits: int,
        /,
    ) -> None: ...

    def learn_vectors(
        self,
        vectors: Floats,
        word: Floats,
        flag: Floats,
        gram: Floats,
        rows: Ints,
        table: LexemeTable,
        word_bits: int,
        gram_bits: int,
        smallest: int,
        largest: int,
        /,
    ) -> None: ...

    def spread(
        self,
        tokens: Floats,
        weights: Floats,
        hashes: Hashes,
        owner: Ints,
        token: Ints,
        value: Floats,
        first: Ints,
        widths: Ints,
        bits: int,
        /,
    ) -> None: ...

    def lay_out(
        self, rows: Ints, batch: Batch, most_before: int, most_own: int, most_behind: int, gap: int, /
    ) -> tuple[Ints, Ints, Ints]: ...

    def signal(
        self,
        vectors: Floats,
        row: Ints,
        kind: Ints,
        token: Ints,
        part: Ints,
        beside: Floats,
        separator: int,
        gap: int,
        /,
    ) -> Floats: ...

    def windows(self, signal: Floats, step: int, /) -> Floats: ...

    def rectify(self, found: Floats, bias: Floats, part: Ints, gap: int, signal: Floats | None, /) -> None: ...

    def pool(self, signal: Floats, starts: Ints, place: Floats, attention: Floats, bias: float, /) -> Floats: ...
