"""A post as a protocol hands it in."""

from __future__ import annotations

from dataclasses import dataclass

from detector.post import Post
from detector.verdict import Circumstances

NOBODY = Circumstances()


@dataclass(frozen=True, slots=True)
class Submission:
    """A post to judge, what its platform knows of author and place, and whether the store may keep it.

    `source` names the platform: post ids are unique within it. A `draft` is still being written: nobody is told of it.
    """

    post: Post
    circumstances: Circumstances = NOBODY
    source: str = "native"
    keep: bool = True
    draft: bool = False
