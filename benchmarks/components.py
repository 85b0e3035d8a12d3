"""The engine's stages, one at a time, each given what the stages before it have made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detector.engine import Detector
from detector.pipeline.passage_reading import read_passages
from detector.post import Post
from detector.reading import DisclaimerReading, Passage, compose
from detector.view import View, make_view


@dataclass(frozen=True, slots=True)
class Stages:
    """What the engine makes of each post before it judges."""

    detector: Detector
    views: list[View]
    disclaimers: list[tuple[DisclaimerReading, ...]]

    def passages(self) -> list[tuple[Passage, ...]]:
        """Of every post."""
        pairs = zip(self.views, self.disclaimers, strict=True)
        return [read_passages(view.text, view, disclaimers=disclaimers) for view, disclaimers in pairs]


def stages_of(posts: Sequence[Post]) -> Stages:
    """Views and disclaimers of these posts, and a fresh engine."""
    detector = Detector()
    views = [make_view(compose(post), text_format=post.format) for post in posts]
    return Stages(detector, views, [detector._disclaimers.predict(view) for view in views])
