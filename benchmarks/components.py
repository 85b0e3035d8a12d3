"""The engine's own pipeline, and one component of it at a time."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from benchmarks.case import Work, exhaust
from detector.engine import Detector
from detector.pipeline.extensions import write
from detector.post import Post
from detector.reading import compose
from detector.view import make_view

BATCH = 256


def engine_pipeline() -> Language:
    """The pipeline as the engine sets it up for itself."""
    return Detector()._nlp


def component(name: str, posts: Sequence[Post]) -> Work:
    """One component on docs that have been through those before it."""
    nlp = engine_pipeline()
    docs = [_doc(nlp, post) for post in posts]
    for earlier in nlp.pipe_names[: nlp.pipe_names.index(name)]:
        docs = list(nlp.get_pipe(earlier).pipe(docs, batch_size=BATCH))
    return lambda: exhaust(nlp.get_pipe(name).pipe(docs, batch_size=BATCH))


def _doc(nlp: Language, post: Post) -> Doc:
    view = make_view(compose(post), text_format=post.format)
    doc = nlp.make_doc(view.text)
    write(doc, view=view)
    return doc
