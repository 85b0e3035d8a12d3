"""The posts written for this project, mended: every offer is made, and the whole post checked again as any post is."""

from __future__ import annotations

import random
import re
from collections import Counter
from functools import cache

import pytest

from detector.engine import Detector
from detector.fixes import Action, Offer, apply, fixes_for
from detector.pipeline.pieces import Memory
from detector.policy import load_policy
from detector.post import Post
from training.corpus import AUTHORED
from training.labelled import read_authored_folder

POSTS = 60
OURS = (
    "Should I, or not? I wonder whether to. Is this the time? What speaks for and against? My, mine. Could I be a? Am."
)
ODD = re.compile(r"[,;:]\s*[.?!]|\?\.|\.\?|\s[,.?]|\b(?:not|or) (?:not|or)\b(?!\?)|\bI (?:don['’]t|let['’]s)\b|  ")
Mended = list[tuple[Post, Offer, Counter[tuple[str, str]], Counter[tuple[str, str]]]]


@cache
def mended() -> Mended:
    """Every change that is offered for what is found in some of the posts, with the findings before and after."""
    ready = Detector(load_policy("newsletter").for_authors())
    texts = [each.text for each in read_authored_folder(AUTHORED)]
    posts = [Post("", text, format="markdown") for text in random.Random(11).sample(texts, POSTS)]  # noqa: S311
    made = []
    for post, checked in zip(posts, ready.examine(posts), strict=True):
        memory = Memory()
        for finding in (each for each in checked.findings if each.rule == "recommendation"):
            offers = fixes_for(
                finding,
                post,
                policy=ready.policy,
                registry=ready.registry,
                check=lambda changed, memory=memory: ready.recheck(changed, memory).findings,
            )
            before = Counter((each.rule, each.text) for each in checked.findings)
            made += [(post, offer, before, (finding.rule, finding.text)) for offer in offers]
    again = ready.examine([apply(post, offer) for post, offer, *_ in made])
    return [
        (post, offer, before - Counter([gone]), Counter((each.rule, each.text) for each in checked.findings))
        for (post, offer, before, gone), checked in zip(made, again, strict=True)
    ]


def test_a_change_takes_its_finding_away_and_brings_none() -> None:
    assert len(mended()) > POSTS
    assert {offer.action for _, offer, *_ in mended()} >= {Action.SOFTEN, Action.REMOVE, Action.QUOTE, Action.SUPPRESS}
    for post, offer, expected, left in mended():
        assert left - expected == Counter(), (offer, post.text)


def test_a_rewording_reads_as_a_question_or_a_doubt() -> None:
    texts = [offer.fix.replacement for _, offer, *_ in mended() if offer.action is Action.SOFTEN]
    assert len(texts) > 10
    for text in texts:
        assert re.search(r"\b(?:Should|Is|What|Could|I wonder)\b", text, re.IGNORECASE), text
        assert ODD.search(text) is None, text


@pytest.mark.parametrize("action", [Action.SOFTEN, Action.REMOVE])
def test_no_numbers_names_or_words_are_invented(action: Action) -> None:
    ours = _words(OURS)
    for post, offer, *_ in mended():
        if offer.action is action:
            known = _words(post.text) | ours
            assert _words(offer.fix.replacement) <= known, offer


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))
