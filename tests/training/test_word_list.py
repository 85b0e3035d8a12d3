"""The shipped word list is what its sources give."""

from training.word_list import SHIPPED, unpacked, word_list


def test_the_shipped_list_is_what_its_sources_give() -> None:
    assert unpacked(SHIPPED.read_bytes()) == word_list()


def test_common_words_come_first() -> None:
    words = unpacked(SHIPPED.read_bytes()).split()
    assert words[:3] == ["the", "of", "and"]
    assert words.index("buy") < words.index("accumulate")
