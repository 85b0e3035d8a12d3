"""The fast way of splitting text into words gives the same as the plain one."""

from hypothesis import given, settings
from hypothesis import strategies as st

from detector.pipeline.disclaimers.words import _IN_LISTS, fold, split_words

PARTS = st.sampled_from(
    ["don't", "don’t", "Straße", "3.20", " ", "\n", "{x}", "naïve", "ﬁ", "一二", "•", "É", "`", "_", "ａ"]
)


@given(st.lists(st.one_of(PARTS, st.text(max_size=4)), max_size=30).map("".join))
@settings(max_examples=300, deadline=None)
def test_words_are_the_same_either_way(text: str) -> None:
    spans = [match.span(1) for match in _IN_LISTS.finditer(text) if match[1] is not None]
    words = split_words(text)
    assert list(zip(words.starts, words.ends, strict=True)) == spans
    assert words.folded == [fold(text[start:end]) for start, end in spans]
