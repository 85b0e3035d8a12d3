"""How a sample is spread."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from detector.sampling import Cell, Population, allocate, draw, stratum_of

cells = st.builds(
    Cell, st.sampled_from("ABC"), st.sampled_from(["a", "b"]), st.sampled_from(["2026-01", "2026-02", ""])
)
populations = st.dictionaries(cells, st.integers(1, 300), min_size=1).map(lambda sizes: Population(Counter(sizes)))


def test_strata_go_by_score() -> None:
    assert [stratum_of(score) for score in (None, 0.0, 0.005, 0.03, 0.07, 0.15, 0.9)] == list("ABCDEFG")


@given(populations, st.integers(1, 500), st.integers())
def test_a_draw_has_its_size_and_no_post_twice(population: Population, size: int, seed: int) -> None:
    sizes = population.sizes()
    drawn = allocate(population, size)
    chosen = draw(population, drawn, seed=seed)
    assert sum(drawn.values()) == max(min(size, sum(sizes.values())), len(sizes))
    for stratum, number in drawn.items():
        assert 1 <= number <= sizes[stratum]
        assert number == sum(len(picks) for cell, picks in chosen.items() if cell.stratum == stratum)
    for cell, picks in chosen.items():
        assert all(0 <= pick < population.cells[cell] for pick in picks)
        # Systematic over the cells: each gets its share, give or take what rounding does at both its ends.
        share = drawn[cell.stratum] * population.cells[cell] / sizes[cell.stratum]
        assert abs(len(picks) - share) < 2


def test_most_are_drawn_where_most_may_be_missed() -> None:
    population = Population(Counter({Cell("B", "f", ""): 10_000, Cell("G", "f", ""): 10_000}))
    population.scores.update(B=20.0, G=2_000.0)
    drawn = allocate(population, 400)
    assert drawn["G"] > 5 * drawn["B"]
    assert sum(drawn.values()) == 400
