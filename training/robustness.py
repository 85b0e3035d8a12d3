"""What each disguise costs: recall on recommendations as written, and with their telling words disguised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from detector.engine import Detector
from detector.labelled import LabelledPost, judgement_of, read_public
from detector.post import Post
from training.evasions import EVASIONS, changed, disguised_post


def robustness(file: Path) -> Iterator[str]:
    """Lines of a table: of the recommendations that an evasion changes, how many are found before and after."""
    posts = [post for post in read_public(file) if any(passage.is_recommendation for passage in post.passages)]
    # Enriched posts were drawn by a model's score, which would flatter it.
    posts = [post for post in posts if post.split == "natural"] or posts
    detector = Detector()
    plain = found(posts, detector)
    yield f"  {'evasion':20} changed   recall   disguised"
    for evasion in EVASIONS:
        after = found([disguised_post(post, evasion) for post in posts], detector)
        rows = [(number, which) for number, post in enumerate(posts) for which in changed(post, evasion)]
        before_recall, after_recall = (sum(each[row] for row in rows) / max(len(rows), 1) for each in (plain, after))
        yield f"  {evasion:20} {len(rows):7} {before_recall:8.3f} {after_recall:11.3f}"


def found(posts: Sequence[LabelledPost], detector: Detector) -> dict[tuple[int, int], bool]:
    """For each recommendation, by post and passage number: whether the whole pipeline reports it."""
    flags = {}
    readings = detector.readings(Post(post.id, post.text) for post in posts)
    for number, (post, reading) in enumerate(zip(posts, readings, strict=True)):
        for which, passage in enumerate(post.passages):
            if passage.is_recommendation:
                judgement = judgement_of(passage, reading.judgements)
                flags[number, which] = judgement is not None and judgement.probability >= detector.model.threshold
    return flags
