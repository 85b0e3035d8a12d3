"""Copies of posts with words run together, as the pipeline cuts them again: so that a wrong cut is met in training."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from training.corpus import as_seen, same_post
from training.evasions import disguised_passages, telling_words
from training.fit import COPY_SPLIT
from training.labelled import LabelledPost

ONE_IN = 3  # of the posts that have a telling word


def run_together(posts: Sequence[LabelledPost], *, held: Iterable[LabelledPost]) -> Iterator[LabelledPost]:
    """Some posts again, all their passages without spaces around telling words; none is a copy of a `held` post.

    Not recommendations alone: the model would learn that whatever is cut wrongly is one.
    """
    hidden = {same_post(post.text) for post in held}
    for post in posts:
        key = same_post(post.text)
        if key in hidden or not telling_words().search(post.text):
            continue
        if int(hashlib.sha256(key.encode()).hexdigest(), 16) % ONE_IN == 0:
            copy = disguised_passages(post, "glued", range(len(post.passages)))
            seen = as_seen(replace(copy, id=f"{post.id}-{COPY_SPLIT}", split=COPY_SPLIT))
            if seen.text != post.text and all(one.start < one.end for one in seen.passages):
                yield seen
