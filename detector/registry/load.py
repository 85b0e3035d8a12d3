"""Reading disclaimers from folders of TOML files: the shipped ones and a platform's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

from detector.errors import ConfigError
from detector.registry.entry import SLOT, Disclaimer, Version
from detector.settings import load_settings

SHIPPED = Path(str(files("detector"))) / "disclaimers"


@dataclass(frozen=True, slots=True)
class Registry:
    """Disclaimers by id, in the order of their ids."""

    entries: Mapping[str, Disclaimer]

    def __getitem__(self, name: str) -> Disclaimer:
        return self.entries[name]

    def __contains__(self, name: object) -> bool:
        return name in self.entries

    def __iter__(self) -> Iterator[Disclaimer]:
        return iter(self.entries.values())

    def __len__(self) -> int:
        return len(self.entries)


def load_registry(folders: Iterable[str | Path] = ()) -> Registry:
    """The shipped disclaimers and those of `folders`; a later entry replaces an earlier one of the same id.

    Raises `ConfigError` that names file, key and cure.
    """
    entries: dict[str, Disclaimer] = {}
    for folder in (SHIPPED, *map(Path, folders)):
        if not folder.is_dir():
            raise ConfigError(str(folder), "no such folder of disclaimers")
        entries |= {entry.id: entry for entry in map(read_disclaimer, sorted(folder.glob("*.toml")))}
    return Registry(dict(sorted(entries.items())))


def read_disclaimer(path: Path) -> Disclaimer:
    """Read and check one file. Raises `ConfigError` that names file, key and cure."""
    entry = load_settings(Disclaimer, path)
    for key, reason, cure in _faults(entry, path):
        raise ConfigError(str(path), f"`{key}`: {reason}", cure)
    return entry


Fault = tuple[str, str, str]


def _faults(entry: Disclaimer, path: Path) -> Iterator[Fault]:
    """What is wrong with an entry beyond its types: key, reason, cure."""
    if entry.id != path.stem:
        yield "id", f"{entry.id!r} is not the file's name", f"call the file {entry.id}.toml"
    if entry.source.confidence == "memory" and entry.enabled:
        yield "enabled", "a wording from memory cannot be enabled", "set `enabled = false`, or check it at its source"
    yield from _slot_faults(entry)
    yield from _version_faults(entry.versions)
    for version in entry.versions:
        yield from _wording_faults(entry, version)
    for number, denial in enumerate(entry.denials):
        yield from _pattern_faults(f"denials[{number}]", denial)


def _slot_faults(entry: Disclaimer) -> Iterator[Fault]:
    for name, slot in entry.slots.items():
        key = f"slots.{name}"
        faults = list(_pattern_faults(f"{key}.pattern", slot.pattern))
        yield from faults
        if not faults and re.fullmatch(slot.pattern, slot.example) is None:
            yield f"{key}.example", f"{slot.example!r} does not match the slot's own pattern", "change either"


def _pattern_faults(key: str, pattern: str) -> Iterator[Fault]:
    try:
        re.compile(pattern)
    except re.error as error:
        yield key, f"not a regular expression: {error}", "see the syntax of Python's module `re`"


def _version_faults(versions: tuple[Version, ...]) -> Iterator[Fault]:
    if not versions:
        yield "versions", "no version", "give one [[versions]] with a wording"
    names = [version.name for version in versions]
    if len(set(names)) < len(names):
        yield "versions", "two versions have one name", "give each its own"
    for earlier, later in pairwise(versions):
        key = f"versions.{later.name}.effective"
        if later.effective is None:
            yield key, f"no day, so that it overlaps with version {earlier.name!r}", "only the first may go without"
        elif earlier.effective is not None and later.effective == earlier.effective:
            yield key, f"{later.effective} is also the day of version {earlier.name!r}", "one version for each day"
        elif earlier.effective is not None and later.effective < earlier.effective:
            yield key, "not in the order of their `effective` dates", "put the newest last"


def _wording_faults(entry: Disclaimer, version: Version) -> Iterator[Fault]:
    key = f"versions.{version.name}.variants"
    if not version.variants:
        yield key, "no wording", "give at least the variant `full`"
    for name, variant in version.variants.items():
        if not re.search(r"\w", SLOT.sub("", variant.wording)):
            yield f"{key}.{name}.wording", "no words", "give the text"
        if variant.wording != variant.wording.strip():
            yield f"{key}.{name}.wording", "white space at its ends", "leave it out"
        for slot in SLOT.findall(variant.wording):
            if slot not in entry.slots:
                known = ", ".join(entry.slots) or "none"
                yield (
                    f"{key}.{name}.wording",
                    f"slot {{{slot}}} is not described",
                    f"add [slots.{slot}]; known: {known}",
                )
