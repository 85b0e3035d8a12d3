"""The compiled loops say what the Python code says that they stand for, of any text."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector import compiled
from detector.engine import Detector
from detector.pipeline.features import Batch, read_batch
from detector.pipeline.features_lexemes import LexemeTable, new_rows
from detector.pipeline.features_linear import LinearStage, scaled_blocks
from detector.pipeline.features_voice import OF_PASSAGES, OF_VERBS, passage_columns, verb_columns
from detector.pipeline.model import Model
from detector.pipeline.passage_reading import simple_passages
from detector.pipeline.second_stage import SecondStage
from detector.pipeline.second_stage_layout import lay_out
from detector.pipeline.shipped import shipped_model
from detector.pipeline.tokens import TOKEN, read_tokens, spaced_words
from detector.view import glued, leet, make_view, spelling

T = TypeVar("T")

COMPILER = shutil.which((sysconfig.get_config_var("CC") or "cc").split()[0])
SAMPLE = (
    "You should buy NVDA now . ! , ? at 180 1,000 $TSLA $tsla b.u.y 8uy don't I'm soooo Mr. Inc. e.g. Buy100 100shares "
    "wait for the pullback to 3.50 we sold it they hold cannot im @someone #stocks https://x.com/a_b?c=1 www.x.org "
    "US$5 10k 5% \U0001f680 \U0001f680\U0001f48e “no” ’s naïve ſell \u212aeep € €5 n0t $ell d0nt 5311 b u y b-u-y · "
    'shouldbuyNVDAnow GME: :) <3 -5 ~7 ٣٤ 买 \u200b x.y A.B. U.S. end.Start ... -- / | * \\ [ ] ` ^ _under_ &amp; > "'
)
WORDS = SAMPLE.split(" ")
texts = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=20).map("".join),
    st.lists(st.sampled_from([*WORDS, "\n", "\n\n", "\t", "  ", "\xa0"]), max_size=40).map("".join),
    st.text(max_size=80),
)


@contextmanager
def without() -> Iterator[None]:
    """As on a machine that had no compiler."""
    kept = compiled.scans, compiled.sums
    compiled.scans = compiled.sums = None
    try:
        yield
    finally:
        compiled.scans, compiled.sums = kept


def both(work: Callable[[], T]) -> tuple[T, T]:
    """What is found with the compiled loops and without."""
    found = work()
    with without():
        return found, work()


def batch_of(posts: list[str], table: LexemeTable) -> Batch:
    views = [make_view(post).text for post in posts]
    bounds = [[(one.start, one.end) for one in simple_passages(text)] for text in views]
    return read_batch([read_tokens(text) for text in views], bounds, table)


both_are_here = pytest.mark.skipif(
    compiled.sums is None or compiled.scans is None, reason="nothing was compiled here, so there is nothing to compare"
)


@pytest.mark.skipif(COMPILER is None, reason="nothing can be compiled here")
def test_they_are_built_where_there_is_a_compiler() -> None:
    assert all(find_spec(f"detector.compiled.{name}") is not None for name in compiled.LOOPS)


def test_they_can_be_left_out() -> None:
    program = "from detector import compiled; print(compiled.sums, compiled.scans)"
    environment = os.environ | {"DETECTOR_COMPILED": "0"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["None", "None"]


@both_are_here
@given(texts)
def test_words_of_a_text(text: str) -> None:
    found, expected = both(lambda: spaced_words(text))
    assert found == expected
    assert "".join(found) == text == "".join(TOKEN.findall(text))


@both_are_here
@given(texts)
def test_view_of_a_text(text: str) -> None:
    found, expected = both(lambda: make_view(text))
    assert found.text == expected.text
    assert list(found.starts or ()) == list(expected.starts or ())
    assert found.hidden == expected.hidden


@both_are_here
@given(texts)
def test_a_quick_look_overlooks_nothing(text: str) -> None:
    looks = compiled.scans
    assert looks is not None
    assert looks.has_beside_figure(text) == (glued._BESIDE_FIGURE.search(text) is not None)
    assert looks.has_sign(text) or not leet._SIGN.search(text)
    assert looks.has_parted(text) or not spelling._QUICK_LOOK.search(text)
    assert looks.runs(text, {"should"}, 4) == set(glued._RUN.findall(text)) - {"should"}


@both_are_here
def test_a_quick_look_is_worth_it() -> None:
    looks = compiled.scans
    assert looks is not None
    plain = "I sold my $TSLA at 180, and a friend of mine bought 20 more @ 175 - we will see. Stocks are up 3%."
    assert not looks.has_sign(plain)
    assert not looks.has_parted(plain)
    assert not looks.has_beside_figure(plain)


@both_are_here
@given(st.lists(texts, min_size=1, max_size=5))
def test_columns_and_hashes_of_a_batch(posts: list[str]) -> None:
    found, expected = both(lambda: batch_of(posts, LexemeTable(bits=6)))
    for field in fields(Batch):
        assert_same(getattr(found, field.name), getattr(expected, field.name), field.name)
    blocks, expected_blocks = both(lambda: list(scaled_blocks(found)))
    assert len(blocks) == len(expected_blocks)
    for (block, value), (expected_block, expected_value) in zip(blocks, expected_blocks, strict=True):
        assert block.names == expected_block.names
        assert block.widths == expected_block.widths
        assert_same(value, expected_value, str(block.names))
        for field in ("owner", "hashes", "token"):
            assert_same(getattr(block, field), getattr(expected_block, field), f"{block.names} {field}")


def assert_same(found: object, expected: object, what: str) -> None:
    assert isinstance(found, np.ndarray)
    assert isinstance(expected, np.ndarray)
    assert found.dtype == expected.dtype, what
    np.testing.assert_array_equal(found, expected, what)


@both_are_here
def test_a_long_post_has_the_same_sections() -> None:
    posts = ["You should buy it. " * 100, "", "One. Two."]
    found, expected = both(lambda: batch_of(posts, LexemeTable(bits=8)))
    for name in ("section", "rank", "per_section", "post"):
        assert_same(getattr(found, name), getattr(expected, name), name)


@both_are_here
@given(posts=st.lists(texts, min_size=1, max_size=5), seed=st.integers(0, 2**32 - 1), packed=st.booleans())
def test_sums_of_a_batch(*, posts: list[str], seed: int, packed: bool) -> None:
    generator = np.random.default_rng(seed)
    steps = generator.random(3, dtype=np.float32) / 1000 if packed else None
    weights = generator.integers(-127, 128, size=(256, 3)).astype(np.int8)
    numbers = weights if packed else weights.astype(np.float32) / 100
    bias = generator.random(3, dtype=np.float32)
    batch = batch_of(posts, table := LexemeTable(bits=8))
    blocks = list(scaled_blocks(batch))
    some = np.flatnonzero(generator.random(len(batch.size)) < 0.5)
    for wanted in (None, some, some[:0]):
        found, expected = both(
            lambda wanted=wanted: LinearStage(numbers, bias, table, steps=steps).score(batch, blocks, wanted)
        )
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


@both_are_here
def test_sums_of_an_endless_passage_do_not_overflow() -> None:
    weights, steps = np.full((64, 2), 127, dtype=np.int8), np.full(2, 1e-6, dtype=np.float32)
    text = "buy now " * 30_000
    batch = read_batch([read_tokens(text)], [[(0, len(text))]], table := LexemeTable(bits=8))
    stage = LinearStage(weights, np.zeros(2, dtype=np.float32), table, steps=steps)
    found, expected = both(lambda: stage.score(batch, list(scaled_blocks(batch))))
    np.testing.assert_allclose(found, expected, rtol=1e-3)


@pytest.fixture(scope="module")
def model() -> Model:
    return shipped_model()


@both_are_here
@given(st.lists(texts, min_size=1, max_size=4))
def test_second_stage_of_a_batch(model: Model, posts: list[str]) -> None:
    assert model._second is not None
    second, batch = model._second.stage, batch_of(posts, table := LexemeTable(bits=8))
    every = np.arange(len(batch.size))
    if len(every):
        found, expected = both(lambda: lay_out(batch, every))
        for name in ("token", "part", "starts"):
            assert_same(getattr(found, name), getattr(expected, name), name)
    outputs, expected_outputs = both(lambda: SecondStage(second._weights, table).score(batch, every))
    np.testing.assert_allclose(outputs, expected_outputs, rtol=1e-3, atol=1e-4)


@both_are_here
@given(st.lists(st.integers(0, 9), max_size=20))
def test_new_rows(used: list[int]) -> None:
    def look() -> tuple[list[int], list[bool]]:
        held = np.array([True, False] * 5)
        return sorted(new_rows(np.array(used, dtype=np.int64), held).tolist()), held.tolist()

    found, expected = both(look)
    assert found == expected


@both_are_here
def test_findings_of_the_example_export_are_the_same(root: Path) -> None:
    from detector import readers
    from detector.post import Post

    posts = [each for each in readers.read([root / "corpora/example"]) if isinstance(each, Post)]
    found, expected = both(lambda: [checked.findings for checked in Detector(explain=True).examine(posts)])
    assert sum(map(len, found)) > 10
    for of_post, expected_of_post in zip(found, expected, strict=True):
        assert [(one.rule, one.start, one.end, one.kind) for one in of_post] == [
            (one.rule, one.start, one.end, one.kind) for one in expected_of_post
        ]
        for one, other in zip(of_post, expected_of_post, strict=True):
            assert one.probability == pytest.approx(other.probability, abs=1e-3)
            assert [reason.contribution for reason in one.reasons] == pytest.approx(
                [reason.contribution for reason in other.reasons], abs=1e-3
            )


def test_names_of_features_are_those_of_their_columns() -> None:
    batch = batch_of(["You should buy it."], LexemeTable(bits=6))
    assert tuple(verb_columns(batch, np.flatnonzero(batch.verb))) == OF_VERBS
    assert tuple(passage_columns(batch)) == OF_PASSAGES
