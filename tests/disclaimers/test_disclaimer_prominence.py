"""What is said of a disclaimer's prominence: nothing that the text cannot show, and what the export says."""

from collections.abc import Mapping

import pytest

from detector.pipeline.disclaimers import Disclaimers
from detector.policy import load_policy
from detector.post import Post
from detector.reading import Reading
from detector.registry import load_registry
from detector.rules.requirements import assess
from detector.rules.rule import Context
from detector.view import make_view

REGISTRY = load_registry()


@pytest.mark.parametrize(
    ("extra", "note"),
    [
        ({}, "presence verified; prominence not assessed"),
        ({"prominence": ""}, "presence verified; prominence not assessed"),
        (
            {"prominence": "8 px beside 16 px"},
            "presence verified; prominence according to the export: 8 px beside 16 px",
        ),
    ],
)
def test_the_export_may_know_the_prominence(extra: Mapping[str, str], note: str) -> None:
    text = "Buy low.\n\n" + REGISTRY["ttm-community"].wording
    post = Post("1", text, extra=extra)
    found = Disclaimers(REGISTRY).predict(make_view(text))
    context = Context(load_policy("default"), REGISTRY, 0.5)
    (reading,) = assess(Reading(post, text, "en", disclaimers=found), context).disclaimers
    assert reading.note == note
