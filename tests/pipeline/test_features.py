"""The classifier's features: each named one is shown by sentences that differ in it alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.lang.en import English

from detector.pipeline.features import Batch, Block, after, before, neighbour, nth, read_batch
from detector.pipeline.features_grams import class_grams, word_grams
from detector.pipeline.features_hash import buckets, chain, combine
from detector.pipeline.features_lexemes import LexemeTable, character_grams, lexicon, read_lexeme
from detector.pipeline.features_linear import LinearStage, scaled_blocks, unpacked
from detector.pipeline.features_voice import asked, passages, seen, signal_shape, trading, verbs
from detector.pipeline.tokenizer import blank_language
from detector.pipeline.tokens import read_tokens

NLP = English()


def batch_of(*texts: str) -> Batch:
    """Posts of one passage each."""
    docs = [NLP.make_doc(text) for text in texts]
    return read_batch(docs, [[(0, len(text))] for text in texts], LexemeTable(bits=10))


def values(block: Block, name: str) -> list[int]:
    """One feature's hashes, row by row."""
    return [int(value) for value in block.hashes[:, block.names.index(name)]]


def test_a_word_has_one_normal_form_whatever_its_spelling() -> None:
    forms = {read_lexeme(word).text for word in ("buy", "BUY", "Buy", "BUYYYY", "buyyy")}
    assert len(forms) == 1
    assert read_lexeme("n’t").text == read_lexeme("n't").text
    assert read_lexeme("soooo").text == read_lexeme("sooooooo").text


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("buy", "buy:base"), ("buys", "buy:s"), ("buying", "buy:ing"), ("bought", "buy:past"), ("Sold", "sell:past"),
        ("I", "i"), ("you", "you"), ("everyone", "everyone"), ("should", "must"), ("n't", "negation"),
        ("maybe", "hedge"), ("vip", "solicit"), ("3.20", "decimal"), ("230", "number"), ("10k", "multiple"),
        ("50%", "multiple"), ("https://t.co/abc", "url"), ("@someone", "mention"), ("ZZQX", "ticker"),
        ("📈", "emoji:rise"),
        ("😂", "emoji:laugh"), ("🦄", "emoji:other"), ("?", "ask"), ("$", "dollar"),
        ("kaya", "word"), ("Kaya", "title"), ("…", "end"),
    ],
)  # fmt: skip
def test_every_word_has_a_class(word: str, kind: str) -> None:
    assert lexicon().kinds[read_lexeme(word).kind] == kind


def test_lexicon_names_every_class_once_and_fits_its_bits() -> None:
    known = lexicon()
    assert len(set(known.kinds)) == len(known.kinds)
    assert len(known.classes) <= 64
    assert len(known.groups) * 4 <= 64


def test_numbers_and_links_lose_their_characters() -> None:
    assert read_lexeme("https://a.example/x").text == read_lexeme("https://b.example/y").text == "<url>"
    assert read_lexeme("231.5").text == read_lexeme("4.75").text


def test_tokens_of_a_passage_and_bounds_inside_a_token() -> None:
    doc = NLP.make_doc("Buy  NVDA now. Sell later.")
    batch = read_batch([doc], [[(1, 14), (15, 26)]], LexemeTable(bits=8))
    words = [doc.text[start:end] for start, end in zip(batch.start.tolist(), batch.end.tolist(), strict=True)]
    assert words == ["Buy", "NVDA", "now", ".", "Sell", "later", "."]
    assert batch.size.tolist() == [4, 3]
    assert batch.rank.tolist() == [0, 1]
    assert batch.per_section.tolist() == [2, 2]


def test_posts_without_words_or_passages_stay_in_step() -> None:
    docs = [NLP.make_doc(text) for text in ("", "  \n ", "Buy now", "")]
    stage = LinearStage(np.zeros((256, 3), dtype=np.float32), np.zeros(3, dtype=np.float32))
    batch = read_batch(docs, [[], [(0, 4)], [(0, 7)], [(0, 0)]], stage.table)
    assert batch.size.tolist() == [0, 2, 0]
    assert batch.post.tolist() == [1, 2, 3]
    assert stage.score(batch, list(scaled_blocks(batch))).shape == (3, 3)


def test_a_cashtag_is_a_class_of_its_own() -> None:
    batch = batch_of("$abcd up", "abcd up", "$ 5 up")
    assert batch.kind[1] != batch.kind[3]
    assert batch.kind[6] == lexicon().kinds.index("number")


def test_before_after_and_nth_stop_at_the_edges_of_a_passage() -> None:
    batch = batch_of("one two", "three")
    place = batch.place + 1
    assert before(batch, place, 1).tolist() == [0, 1, 0]
    assert after(batch, place, 1).tolist() == [2, 0, 0]
    assert nth(batch, place, -1).tolist() == [2, 1]
    assert nth(batch, place, 1).tolist() == [2, 0]


def test_neighbours_stop_at_the_edges_of_a_post() -> None:
    docs = [NLP.make_doc("Buy it. Why?"), NLP.make_doc("No.")]
    batch = read_batch(docs, [[(0, 7), (8, 12)], [(0, 3)]], LexemeTable(bits=8))
    numbers = np.array([5, 6, 7], dtype=np.uint64)
    assert neighbour(batch, numbers, -1).tolist() == [0, 6, 0]
    assert neighbour(batch, numbers, 1).tolist() == [7, 0, 0]


def test_word_grams_see_order_and_passage_begin() -> None:
    block = word_grams(batch_of("buy low sell high", "sell low buy high"))
    assert set(values(block, "bigram")[:4]).isdisjoint(values(block, "bigram")[4:])
    assert len(set(values(word_grams(batch_of("buy", "now buy")), "bigram"))) == 3


def test_class_grams_do_not_see_which_verb_of_a_group_it_is() -> None:
    block = class_grams(batch_of("you should buy", "you should grab"))
    assert values(block, "classes3")[2] == values(block, "classes3")[5]
    assert values(block, "class_word")[2] != values(block, "class_word")[5]


@pytest.mark.parametrize(
    ("feature", "one", "other"),
    [
        ("verb_person", "I buy it", "you buy it"),
        ("verb_person", "we buy it", "they buy it"),
        ("verb_person", "you buy it", "everyone buy it"),
        ("verb_modal", "you should buy it", "you will buy it"),
        ("verb_modal", "you should buy it", "you should not buy it"),
        ("form_person_modal", "you should buy it", "you would buy it"),
        ("form_person_opens", "buy it", "they buy it"),
        ("verb_opens", "Buy it", "They buy it"),
        ("verb_opens", "Now, buy it", "to buy it"),
        ("verb_opens_next", "buy it", "buy 5"),
        ("verb_next_word", "take profit", "take care"),
        ("verb_between", "to buy it", "should buy it"),
        ("verb_person_asks", "I buy it?", "I buy it"),
        ("word_person", "I buy it", "I grab it"),
        ("group_all", "I buy it", "I sell it"),
    ],
)
def test_verb_features_tell_voices_apart(feature: str, one: str, other: str) -> None:
    first, second = verbs(batch_of(one)), verbs(batch_of(other))
    assert values(first, feature)[0] != values(second, feature)[0]


def test_verb_features_do_not_see_the_verb_where_only_its_group_counts() -> None:
    block = verbs(batch_of("you should buy it", "you should grab it"))
    assert values(block, "group_all")[0] == values(block, "group_all")[1]
    assert values(block, "verb_person")[0] == values(block, "verb_person")[1]


def test_a_pronoun_of_the_passage_before_does_not_act() -> None:
    docs = [NLP.make_doc("I know. Buy it"), NLP.make_doc("They know. Buy it")]
    batch = read_batch(docs, [[(0, 7), (8, 14)], [(0, 10), (11, 17)]], LexemeTable(bits=8))
    assert len(set(values(verbs(batch), "verb_person"))) == 1


@pytest.mark.parametrize(
    ("feature", "one", "other"),
    [
        ("opening1", "Buy it", "Sell it"),
        ("opening2", "Buy it", "Buy them"),
        ("opening_classes", "If you buy", "When they buy"),
        ("opening_asks", "Who buys?", "Who buys"),
        ("ending", "buy now", "buy later"),
        ("ending_classes", "buy now!", "buy now?"),
        ("people", "I and you", "they and you"),
        ("people_forms", "I bought", "I buy"),
        ("opening_people", "I think you can", "So you can"),
        ("trading", "buy and sell", "buy and hold"),
        ("length", "buy", "buy this one now because the price will not wait for you"),
        ("signal", "entry 20 target 30 stop 10", "entry 20 target 30"),
        ("signal_people", "target 30", "I say target 30"),
        ("whole", "HOLD the line", "HODL the line"),
        ("shouting", "BUY THIS NOW", "buy this now"),
    ],
)
def test_passage_features_tell_builds_apart(feature: str, one: str, other: str) -> None:
    block = passages(batch_of(one, other))
    assert values(block, feature)[0] != values(block, feature)[1]


@pytest.mark.parametrize(
    "feature",
    ["previous_trading", "previous_forms", "previous_people", "previous_opening", "previous_asks", "place", "count"],
)
def test_passage_features_see_what_stands_before(feature: str) -> None:
    texts = ("Did you sell it? It is up.", "It is up.")
    docs = [NLP.make_doc(text) for text in texts]
    batch = read_batch(docs, [[(0, 16), (17, 26)], [(0, 9)]], LexemeTable(bits=8))
    found = values(passages(batch), feature)
    assert found[1] != found[2]


@pytest.mark.parametrize("feature", ["following_trading", "following_forms", "following_opening"])
def test_passage_features_see_what_stands_after(feature: str) -> None:
    docs = [NLP.make_doc(text) for text in ("It is up. Buy it.", "It is up.")]
    batch = read_batch(docs, [[(0, 9), (10, 17)], [(0, 9)]], LexemeTable(bits=8))
    found = values(passages(batch), feature)
    assert found[0] != found[2]


def test_masks_name_what_a_passage_holds() -> None:
    batch = batch_of("you should buy?", "nice weather")
    assert asked(batch).tolist() == [True, False]
    assert int(seen(batch)[0]) >> lexicon().classes.index("you") & 1
    assert int(trading(batch)[0]) == 1
    assert int(trading(batch)[1]) == 0
    assert signal_shape(batch_of("target 30"))[0] > signal_shape(batch_of("target"))[0]


def test_character_grams_are_those_of_each_word_alone() -> None:
    owner, hashed = character_grams(["buy", "buys"])
    alone, hashed_alone = character_grams(["buy"])
    assert len(alone) == 3 + 2 + 1
    assert hashed[owner == 0].tolist() == hashed_alone.tolist()
    assert set(hashed[owner == 0].tolist()) & set(hashed[owner == 1].tolist())
    assert len(character_grams([])[0]) == 0


def test_the_lexeme_table_forgets_rather_than_grows() -> None:
    table = LexemeTable(bits=5)
    for start in range(0, 200, 10):
        words = [f"{'ab'[number % 2]}word{number // 2}" for number in range(start, start + 10)]
        rows, _ = table.rows([f"{word} " for word in words])
        assert [table.words[row] for row in rows] == words
        assert table.rows(words)[0].tolist() == rows.tolist(), "the space behind a word makes no other word of it"
        assert table.size == 32


def test_the_lexeme_table_makes_room_for_one_huge_batch() -> None:
    table = LexemeTable(bits=4)
    assert len(set(table.rows([f"word{number}" for number in range(100)])[0].tolist())) == 100
    table.rows(["word"])
    assert table.size == 16


def test_a_batch_of_tokens_is_that_of_their_docs() -> None:
    texts = ["Buy  NVDA now.\n\n Why dont you? ", "", " \u3000 no.. ", "$TSLA\x01 to 3k, ’s"]
    bounds = [[(0, 5), (5, 30)], [], [(0, 9)], [(2, 8), (9, 18)]]
    of_docs = read_batch([blank_language().make_doc(text) for text in texts], bounds, LexemeTable(bits=8))
    of_tokens = read_batch([read_tokens(text) for text in texts], bounds, LexemeTable(bits=8))
    for name in ("norm", "kind", "verb", "flags", "start", "end", "first", "size", "post"):
        np.testing.assert_array_equal(getattr(of_tokens, name), getattr(of_docs, name), err_msg=name)


@given(st.lists(st.integers(min_value=0, max_value=2**64 - 1), min_size=1, max_size=20))
def test_hashes_depend_on_order_and_name(numbers: list[int]) -> None:
    column = np.array(numbers, dtype=np.uint64)
    assert (chain(1, column) != chain(2, column)).all()
    assert ((combine(column, column + np.uint64(1)) != combine(column + np.uint64(1), column)) | (column == 0)).all()
    assert (buckets(chain(1, column), 10) < 1024).all()


@settings(deadline=None)
@given(st.lists(st.text(alphabet="buy sell I you . ? 5 $ 🚀 \n", max_size=40), min_size=1, max_size=6))
def test_a_post_scores_the_same_alone_and_in_any_company(texts: list[str]) -> None:
    generator = np.random.default_rng(0)
    weights = generator.normal(size=(1 << 10, 2)).astype(np.float32)
    stage = LinearStage(weights, np.zeros(2, dtype=np.float32))
    docs = [NLP.make_doc(text) for text in texts]
    bounds = [[(0, len(text) // 2), (len(text) // 2, len(text))] for text in texts]
    batch = read_batch(docs, bounds, stage.table)
    together = stage.score(batch, list(scaled_blocks(batch)))
    alone = [read_batch([doc], [bound], stage.table) for doc, bound in zip(docs, bounds, strict=True)]
    scores = [stage.score(one, list(scaled_blocks(one))) for one in alone]
    np.testing.assert_allclose(together, np.concatenate(scores), rtol=1e-4, atol=1e-4)
    some = np.arange(0, len(together), 3)
    np.testing.assert_allclose(
        stage.score(batch, list(scaled_blocks(batch)), some), together[some], rtol=1e-4, atol=1e-4
    )


def test_stages_share_a_table_that_starts_over() -> None:
    generator, table = np.random.default_rng(0), LexemeTable(bits=4)
    one, two = (LinearStage(generator.normal(size=(64, n)).astype(np.float32), np.zeros(n), table) for n in (1, 3))
    docs = [NLP.make_doc(f"word{number} other{number} more{number}") for number in range(12)]
    for doc in docs * 2:
        batch = read_batch([doc], [[(0, len(doc.text))]], table)
        fresh = [LinearStage(stage.weights, stage.bias) for stage in (one, two)]
        for stage, new in zip((one, two), fresh, strict=True):
            again = read_batch([doc], [[(0, len(doc.text))]], new.table)
            expected = new.score(again, list(scaled_blocks(again)))
            np.testing.assert_allclose(stage.score(batch, list(scaled_blocks(batch))), expected, rtol=1e-4, atol=1e-5)
    assert table.generation > 2


def test_weights_in_bytes_score_as_the_numbers_that_they_stand_for() -> None:
    generator = np.random.default_rng(0)
    small, steps = generator.integers(-127, 128, size=(64, 3)).astype(np.int8), np.array([1e-3, 2e-3, 5e-4], np.float32)
    docs = [NLP.make_doc(f"buy {number} now and sell {number} later") for number in range(20)]

    def score(stage: LinearStage) -> np.ndarray:
        batch = read_batch(docs, [[(0, len(doc.text))] for doc in docs], stage.table)
        return stage.score(batch, list(scaled_blocks(batch)))

    zeros = np.zeros(3, np.float32)
    packed = score(LinearStage(small, zeros, steps=steps))
    np.testing.assert_allclose(packed, score(LinearStage(unpacked(small, steps), zeros)), rtol=1e-5)
    assert np.ptp(packed) > 0


@pytest.mark.parametrize(("passages", "sizes"), [(0, [0]), (1, [1]), (24, [24]), (25, [12, 13]), (60, [20, 20, 20])])
def test_long_posts_are_read_in_even_sections(passages: int, sizes: list[int]) -> None:
    doc = NLP.make_doc("buy " * max(passages, 1))
    batch = read_batch([doc], [[(4 * number, 4 * number + 3) for number in range(passages)]], LexemeTable(bits=8))
    assert np.bincount(batch.section, minlength=1).tolist() == sizes
    assert batch.rank.tolist() == [rank for size in sizes for rank in range(size)]
    assert batch.post.tolist() == [0] * passages
