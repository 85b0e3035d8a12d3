"""The tokeniser gives back the text exactly, and nearly spaCy's own boundaries."""

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from detector.pipeline.tokenizer import blank_language
from detector.pipeline.tokens import spaced_words, tokenize

social = st.text(alphabet=st.sampled_from(list("abcXYZ019 \n\t.,!?'’$#@%&/:-_()🚀❤\u200d\ufe0fé买\xa0")), max_size=80)


@given(st.one_of(social, st.text(max_size=60)))
def test_words_and_spaces_are_the_text(text: str) -> None:
    words, spaces = tokenize(text)
    assert "".join(word + " " * space for word, space in zip(words, spaces, strict=True)) == text
    assert all(words)
    assert "".join(spaced_words(text)) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("You shouldn't buy $TSLA at 3.20!!", ["You", "should", "n't", "buy", "$", "TSLA", "at", "3.20", "!", "!"]),
        ("I'd hold, he’s out", ["I", "'d", "hold", ",", "he", "’s", "out"]),
        ("dont gonna im", ["do", "nt", "gon", "na", "i", "m"]),
        ("$AAPL,$TSLA", ["$", "AAPL", ",", "$", "TSLA"]),
        ("$BRK.B up 5% in the U.S. vs. 10K", ["$", "BRK.B", "up", "5", "%", "in", "the", "U.S.", "vs.", "10", "K"]),
        ("see https://t.co/a, @user #tag", ["see", "https://t.co/a", ",", "@user", "#", "tag"]),
        ("a  b\n\nc", ["a", " ", "b", "\n\n", "c"]),
        ("-5% +3 3.20-4.50", ["-5", "%", "+3", "3.20", "-", "4.50"]),
        ("end.Next BUY:NVDA", ["end", ".", "Next", "BUY", ":", "NVDA"]),
        ("🚀🚀moon", ["🚀", "🚀", "moon"]),
        ("", []),
    ],
)
def test_examples(text: str, words: list[str]) -> None:
    assert tokenize(text)[0] == words


def test_plain_prose_is_tokenised_as_spacy_does() -> None:
    text = (
        "With the CPI falling to 3% now and heading towards the FED's target of 2%, then these small caps might catch "
        "a break. We don't know; it's \"higher for longer\" (as they say). "
        "Well, I'd wait: 7% to 9% jumps aren't rare!"
    )
    spacys = [token.text for token in spacy.blank("en")(text)]
    assert [token.text for token in blank_language()(text)] == spacys


def test_a_long_text_without_spaces_takes_linear_time() -> None:
    assert len(tokenize("a1" * 500_000)[0]) < 1_000_001
    assert len(tokenize("🚀" * 200_000)[0]) == 200_000
