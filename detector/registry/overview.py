"""The registry as rows, for listings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from detector.registry.entry import Disclaimer


@dataclass(frozen=True, slots=True)
class Row:
    """What a listing says of one disclaimer."""

    id: str
    title: str
    jurisdiction: str
    language: str
    version: str
    variants: tuple[str, ...]
    enabled: bool
    standard: bool
    confidence: str
    source: str
    read: str


def rows(registry: Iterable[Disclaimer]) -> list[Row]:
    """One row per disclaimer, in the registry's order."""
    return [_row(entry) for entry in registry]


def _row(entry: Disclaimer) -> Row:
    newest = entry.versions[-1]
    return Row(
        id=entry.id,
        title=entry.title,
        jurisdiction=entry.jurisdiction,
        language=entry.language,
        version=newest.name,
        variants=tuple(name for name, variant in newest.variants.items() if variant.enabled),
        enabled=entry.enabled,
        standard=entry.standard,
        confidence=entry.source.confidence,
        source=entry.source.name,
        read=entry.source.date.isoformat(),
    )
