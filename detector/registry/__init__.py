"""Registered disclaimers: texts as data, with slots, versions, channel variants and where each comes from."""

from detector.registry.entry import Disclaimer, Example, Slot, Source, Variant, Version
from detector.registry.load import Registry, load_registry, read_disclaimer

__all__ = [
    "Disclaimer",
    "Example",
    "Registry",
    "Slot",
    "Source",
    "Variant",
    "Version",
    "load_registry",
    "read_disclaimer",
]
