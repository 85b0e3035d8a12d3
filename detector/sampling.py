"""Which posts to read: how many of each score band, spread evenly over files and months."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import heapify, heapreplace
from math import inf, sqrt

EDGES = (0.005, 0.02, 0.05, 0.1, 0.2)
NAMES = "ABCDEFG"  # the reader should not see what the classifier thought
LEAST_SHARE = 0.05  # of the sample, for each stratum: the scores may be wrong
RAREST, LIKELIEST = 0.002, 0.5


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """Posts of one stratum, file and month."""

    stratum: str
    file: str
    month: str


def stratum_of(score: float | None) -> str:
    """The stratum of a post by its score; A holds those without a passage to judge."""
    return NAMES[0] if score is None else NAMES[1 + bisect_right(EDGES, score)]


@dataclass(slots=True)
class Population:
    """The posts that may be drawn, counted by cell; memory grows with files and months, not with posts.

    `found`: the stratum of the posts that were asked for, by file and record.
    """

    cells: Counter[Cell] = field(default_factory=Counter)
    scores: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    found: dict[tuple[str, str], str] = field(default_factory=dict)

    def sizes(self) -> dict[str, int]:
        """Posts by stratum."""
        sizes: Counter[str] = Counter()
        for cell, number in self.cells.items():
            sizes[cell.stratum] += number
        return dict(sorted(sizes.items()))


def allocate(population: Population, size: int) -> dict[str, int]:
    """How many to draw from each stratum: where most are expected to be missed and least is known, most.

    Neyman's allocation in Wright's exact form (2012): each next post goes to the stratum whose variance it lowers
    most. The mean score stands for the share that is expected. Every stratum gets at least one.
    """
    sizes = population.sizes()
    drawn = {name: min(number, max(1, int(LEAST_SHARE * size))) for name, number in sizes.items()}
    spread = {name: number * _spread(population.scores[name] / number) for name, number in sizes.items()}

    def urgency(name: str) -> float:
        number = drawn[name]
        return -spread[name] / sqrt(number * (number + 1)) if number < sizes[name] else inf

    queue = [(urgency(name), name) for name in sizes]
    heapify(queue)
    for _ in range(min(size, sum(sizes.values())) - sum(drawn.values())):
        name = queue[0][1]
        drawn[name] += 1
        heapreplace(queue, (urgency(name), name))
    return drawn


def _spread(share: float) -> float:
    share = min(max(share, RAREST), LIKELIEST)
    return sqrt(share * (1 - share))


def draw(population: Population, drawn: Mapping[str, int], *, seed: int) -> dict[Cell, frozenset[int]]:
    """Which posts of each cell, numbered from 0 in the order of the export.

    Systematic over the cells of a stratum in order, so that files and months are represented as they are; at
    random within a cell. Every post of a stratum has the same chance.
    """
    chance = random.Random(seed)  # noqa: S311  no secret: a seed makes the draw repeatable
    chosen: dict[Cell, frozenset[int]] = {}
    for stratum, size in population.sizes().items():
        offset, step = chance.random(), size / drawn[stratum]
        places = [min(int((number + offset) * step), size - 1) for number in range(drawn[stratum])]
        cells = sorted(cell for cell in population.cells if cell.stratum == stratum)
        hits = _by_cell(cells, population.cells, places)
        for cell in cells:
            chosen[cell] = frozenset(chance.sample(range(population.cells[cell]), hits[cell]))
    return chosen


def _by_cell(cells: list[Cell], sizes: Mapping[Cell, int], places: list[int]) -> Counter[Cell]:
    """How many of the places fall into each cell, when the cells are laid end to end."""
    hits: Counter[Cell] = Counter()
    end, index = 0, 0
    for cell in cells:
        end += sizes[cell]
        while index < len(places) and places[index] < end:
            hits[cell] += 1
            index += 1
    return hits
