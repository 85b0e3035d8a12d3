"""The spaCy component that cuts a post into passages and says whose words each one is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span

from detector.pipeline.extensions import read, register, write
from detector.pipeline.language import detect_language
from detector.pipeline.passage_reading import read_passages
from detector.pipeline.passage_split import split_passages
from detector.post import Region
from detector.reading import DisclaimerReading, Passage
from detector.view import View

__all__ = ["Passages", "make_passages", "split_passages", "token_bounds"]


@Language.factory(
    "passages",
    default_config={"detect_language": True, "spans_key": "passages"},
    assigns=["doc._.passages", "doc._.language", "doc.spans"],
)
def make_passages(nlp: Language, name: str, detect_language: bool, spans_key: str | None) -> Passages:  # noqa: ARG001, FBT001
    """The component; `detect_language` also sets `doc._.language`; without a `spans_key` no `doc.spans` are written."""
    return Passages(sets_language=detect_language, spans_key=spans_key)


class Passages:
    """Writes `doc._.passages` (character offsets) and `doc.spans["passages"]` (whole tokens, labelled by role).

    Reads, where they are set, `doc._.regions` (not the author's), `doc._.disclaimers` and `doc._.view`.
    """

    def __init__(self, *, sets_language: bool = True, spans_key: str | None = "passages") -> None:
        register()
        self.sets_language = sets_language
        self.spans_key = spans_key

    def predict(
        self,
        text: str,
        view: View | None = None,
        *,
        regions: Sequence[Region] = (),
        disclaimers: Sequence[DisclaimerReading] = (),
    ) -> tuple[Passage, ...]:
        """The passages of one text; `regions` are in its offsets, `disclaimers` in those of the view's source."""
        return read_passages(text, view, regions=regions, disclaimers=disclaimers)

    def annotate(self, doc: Doc, passages: tuple[Passage, ...]) -> None:
        """Write the passages to the doc."""
        write(doc, passages=passages)
        if self.spans_key is not None:
            starts, ends = token_bounds(doc, passages)
            doc.spans[self.spans_key] = [
                Span(doc, start, end, label=passage.role)
                for passage, start, end in zip(passages, starts.tolist(), ends.tolist(), strict=True)
            ]

    def __call__(self, doc: Doc) -> Doc:
        """Set the passages of one doc, and its language."""
        view = read(doc, "view")
        text = doc.text if view is None else view.text
        self.annotate(doc, self.predict(text, view, regions=read(doc, "regions"), disclaimers=read(doc, "disclaimers")))
        if self.sets_language:
            write(doc, language=detect_language(text))
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:  # noqa: ARG002
        """Set the passages of each doc, in order."""
        yield from map(self, stream)


def token_bounds(doc: Doc, passages: Sequence[Passage]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First token of each passage and the token after its last; a passage takes in tokens that it only touches."""
    offsets = doc.to_array("IDX").astype(np.int64)
    starts = np.searchsorted(offsets, [passage.start for passage in passages], side="right") - 1
    ends = np.searchsorted(offsets, [passage.end for passage in passages], side="left")
    return starts, ends
