"""The trained classifier as a spaCy component: judges every passage of the author's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from detector.pipeline import extensions
from detector.pipeline.model import Judged, Model
from detector.pipeline.passage_reading import simple_passages
from detector.pipeline.shipped import SHIPPED, shipped_model
from detector.pipeline.tokens import Tokens, in_batches
from detector.reading import Passage


@Language.factory(
    "recommendations",
    assigns=["doc._.judgements", "doc._.score", "doc.spans"],
    default_config={"folder": None, "threshold": None, "explain_all": False},
)
def make_recommendations(
    nlp: Language,  # noqa: ARG001 (the factory contract)
    name: str,  # noqa: ARG001
    folder: str | None,
    threshold: float | None,
    explain_all: bool,  # noqa: FBT001
) -> Recommendations:
    """Make the component; by default with the shipped model, and the threshold that its card names."""
    model = shipped_model(SHIPPED if folder is None else Path(folder))
    return Recommendations(model, threshold=threshold, explain_all=explain_all)


class Recommendations:
    """Writes `doc._.judgements` for claims, and `doc.spans["recommendations"]` for those at or above the threshold.

    Reasons are given to those and, with `explain_all`, to every judgement. `doc._.score` is the highest probability.
    With `judge_all` off, claims below the threshold get no judgement, which saves half the time.
    """

    judge_all = True

    def __init__(self, model: Model, *, threshold: float | None = None, explain_all: bool = False) -> None:
        extensions.register()
        self.model = model
        self.threshold = model.threshold if threshold is None else threshold
        self.explain_all = explain_all

    def __call__(self, doc: Doc) -> Doc:
        """Judge one doc."""
        return next(self.pipe([doc], batch_size=1))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        """Judge docs, a batch at once."""
        for batch in in_batches(stream, batch_size):
            for doc, judged in zip(batch, self.predict(batch), strict=True):
                self.annotate(doc, judged)
                yield doc

    def predict(self, docs: Sequence[Doc]) -> list[Judged]:
        """The judgements of every doc's claims; passages of other roles are context only."""
        return self.judge(docs, [extensions.read(doc, "passages") or simple_passages(doc.text) for doc in docs])

    def judge(self, docs: Sequence[Tokens | Doc], passages: Sequence[Sequence[Passage]]) -> list[Judged]:
        """The judgements of the claims among these passages."""
        explain_from = 0.0 if self.explain_all else self.threshold
        judge_from = 0.0 if self.judge_all or self.explain_all else self.threshold
        return self.model.judge(docs, passages, explain_from=explain_from, judge_from=judge_from)

    def annotate(self, doc: Doc, judged: Judged) -> None:
        """Write them down."""
        extensions.write(doc, judgements=judged.judgements, score=judged.score)
        found = [one for one in judged.judgements if one.probability >= self.threshold]
        spans = [doc.char_span(one.start, one.end, label=one.kind, alignment_mode="expand") for one in found]
        doc.spans["recommendations"] = SpanGroup(
            doc, name="recommendations", spans=[span for span in spans if span is not None]
        )
