"""The spaCy component: reads the view of each `Doc`, writes `doc._.disclaimers`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from detector.errors import ConfigError
from detector.pipeline.disclaimers.index import Index
from detector.pipeline.disclaimers.patterns import compile_patterns
from detector.pipeline.disclaimers.readings import read_disclaimers
from detector.pipeline.extensions import read, register, write
from detector.post import Region
from detector.reading import DisclaimerReading
from detector.registry import Registry, load_registry
from detector.view import View, make_view


@Language.factory("disclaimers", default_config={"folders": [], "ids": []}, assigns=["doc._.disclaimers"])
def make_disclaimers(nlp: Language, name: str, folders: list[str], ids: list[str]) -> Disclaimers:  # noqa: ARG001
    """The component with the shipped disclaimers and those of `folders`.

    `ids` limits what is reported to these, disabled ones included; empty: all that are enabled.
    """
    return Disclaimers(load_registry(folders), ids=ids)


class Disclaimers:
    """Finds registered disclaimers, exact or changed. Offsets of its readings are those of the view's source."""

    def __init__(self, registry: Registry, *, ids: Sequence[str] = ()) -> None:
        register()
        unknown = [name for name in ids if name not in registry]
        if unknown:
            raise ConfigError(
                "disclaimers", f"no such disclaimer: {unknown[0]!r}", f"known: {', '.join(registry.entries)}"
            )
        self.registry = registry
        self._index = Index(compile_patterns(registry))
        self._reported = frozenset(ids) or frozenset(entry.id for entry in registry if entry.enabled)

    def predict(self, view: View, regions: Iterable[Region] = ()) -> tuple[DisclaimerReading, ...]:
        """The readings of one view; `regions` are in offsets of the view's text."""
        return read_disclaimers(view, self._index, self._reported, regions)

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.disclaimers`."""
        view = read(doc, "view")
        found = self.predict(make_view(doc.text) if view is None else view, read(doc, "regions"))
        if found:
            write(doc, disclaimers=found)
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:  # noqa: ARG002
        """Set `doc._.disclaimers` of each, in order."""
        yield from map(self, stream)
