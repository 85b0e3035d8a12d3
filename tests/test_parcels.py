"""Posts and findings arrive in the other process as they were sent."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.engine import Detector
from detector.parcels import Findings, Parcel
from detector.post import Origin, Post, Region

TEXTS = ("You should buy NVDA now.", "", "half a pair: \ud800", "\x00 🚀 naïve")
EXTRAS: tuple[dict[str, Any], ...] = ({}, {"prominence": "small"}, {"huge": 10**40}, {"pair": (1, 2)}, {"a": {1: None}})


def sent(parcel: Parcel[Any]) -> Parcel[Any]:
    arrived: Parcel[Any] = pickle.loads(pickle.dumps(parcel))  # noqa: S301
    return arrived


@given(st.lists(st.tuples(st.sampled_from(TEXTS) | st.text(), st.text()), max_size=4))
def test_posts_of_any_text(texts: list[tuple[str, str]]) -> None:
    posts = [
        Post(name, text, title=name or None, origin=Origin("f", 3, "csv"), regions=(Region(0, 1, "quote"),))
        for text, name in texts
    ]
    assert list(sent(Parcel(posts)).values) == posts


@pytest.mark.parametrize("extra", EXTRAS)
def test_what_else_a_post_holds(extra: dict[str, Any]) -> None:
    [post] = sent(Parcel([Post("1", "text", extra=extra)])).values
    assert list(post.extra) == list(extra)
    assert post.extra.get("prominence") == extra.get("prominence")


def test_findings_with_their_reasons_edits_and_fixes() -> None:
    posts = [Post(str(number), text) for number, text in enumerate(TEXTS)]
    posts.append(Post("d", "Buy NVDA now!\n\nThis is not financial advise. Do you own research."))
    found: list[Findings] = [
        (each.findings, each.disclaimers, each.language, each.abstained, each.score, each.suppressed)
        for each in Detector().examine(posts)
    ]
    assert any(each[0] for each in found)
    assert any(each[1] for each in found)
    assert list(sent(Parcel(found)).values) == found


def test_nothing_to_send() -> None:
    assert list(sent(Parcel([])).values) == []
