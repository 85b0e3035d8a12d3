"""Disguises change the words they should, keep the labels where the words are, and are read through by the view."""

import pytest

from detector.view import make_view
from training.evasions import EVASIONS, changed, disguised, disguised_post
from training.labelled import LabelledPassage, LabelledPost

POST = LabelledPost(
    "1", "d", "natural", "Nice day. You should buy NVDA. I hold it.",
    (
        LabelledPassage(0, 9, "other"),
        LabelledPassage(10, 30, "action", "instrument"),
        LabelledPassage(31, 41, "own_position"),
    ),
)  # fmt: skip


@pytest.mark.parametrize("evasion", EVASIONS)
def test_labels_stay_on_their_words(evasion: str) -> None:
    post = disguised_post(POST, evasion)
    words = [post.text[passage.start : passage.end] for passage in post.passages]
    assert words == ["Nice day.", disguised("You should buy NVDA.", evasion), "I hold it."]
    assert words[1] != "You should buy NVDA."
    assert list(changed(POST, evasion)) == [1]


@pytest.mark.parametrize("evasion", [each for each in EVASIONS if each not in {"all_caps", "elongated"}])
def test_the_view_reads_through_every_disguise_of_letters(evasion: str) -> None:
    seen = make_view(disguised("You should buy NVDA now.", evasion)).text
    assert seen.lower() == "you should buy nvda now."
