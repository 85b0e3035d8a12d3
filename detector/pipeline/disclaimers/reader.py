"""Reads what became of the registered disclaimers in one text after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from detector.errors import ConfigError
from detector.pipeline.disclaimers.index import Index
from detector.pipeline.disclaimers.patterns import compile_patterns
from detector.pipeline.disclaimers.readings import read_disclaimers
from detector.post import Region
from detector.reading import DisclaimerReading
from detector.registry import Registry
from detector.view import View


class DisclaimerReader:
    """Finds registered disclaimers, exact or changed. Offsets of its readings are those of the view's source.

    `ids` limits what is reported to these, disabled ones included; empty: all that are enabled.
    """

    def __init__(self, registry: Registry, *, ids: Sequence[str] = ()) -> None:
        unknown = [name for name in ids if name not in registry]
        if unknown:
            raise ConfigError(
                "disclaimers", f"no such disclaimer: {unknown[0]!r}", f"known: {', '.join(registry.entries)}"
            )
        self._index = Index(compile_patterns(registry))
        self._reported = frozenset(ids) or frozenset(entry.id for entry in registry if entry.enabled)

    def read(self, view: View, regions: Iterable[Region] = ()) -> tuple[DisclaimerReading, ...]:
        """The readings of one view; `regions` are in offsets of the view's text."""
        return read_disclaimers(view, self._index, self._reported, regions)
