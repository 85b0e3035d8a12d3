"""One registered disclaimer, as its TOML file says it."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

import msgspec

from detector.finding import EditClass, Integrity
from detector.post import TextFormat

Confidence = Literal["primary", "corroborated", "secondary", "memory"]
SlotKind = Literal["number", "party", "date", "text"]
FULL = "full"
SLOT = re.compile(r"\{(\w+)\}")


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the wording was read, when, and how far it can be trusted."""

    name: str
    date: date
    confidence: Confidence
    url: str = ""
    note: str = ""


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place in the wording that each user fills: `pattern` has to match the whole filling."""

    kind: SlotKind
    pattern: str
    example: str
    note: str = ""


class Variant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A wording for one channel; `when` says in words where it may stand instead of the full one."""

    wording: str
    when: str = ""
    enabled: bool = True


class Version(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was prescribed from `effective` on (from ever, when that is not known)."""

    name: str
    variants: dict[str, Variant]
    effective: date | None = None
    note: str = ""


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text that the tests run: what has to be read in it (`missing`: nothing at all)."""

    text: str
    integrity: Integrity
    edits: tuple[EditClass, ...] = ()
    format: TextFormat = "plain"


class Disclaimer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A registered disclaimer. Versions stand in order, the newest last.

    `standard` says that it can satisfy a policy; folk disclaimers ("NFA") cannot. `match` is `altered` where changed
    wordings are to be recognised, `exact` where only these very words count. `denials` are patterns that reverse
    this text wherever in the post they stand. `parties` are names that may not be exchanged.
    """

    id: str
    title: str
    jurisdiction: str
    language: str
    source: Source
    versions: tuple[Version, ...]
    standard: bool = True
    enabled: bool = True
    match: Literal["altered", "exact"] = "altered"
    slots: dict[str, Slot] = {}
    parties: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def wording(self) -> str:
        """The newest full wording, slots unfilled."""
        variants = self.versions[-1].variants
        return variants[FULL].wording if FULL in variants else next(iter(variants.values())).wording

    @property
    def filled(self) -> str:
        """The newest full wording with every slot filled by its example."""
        return self.fill(self.wording, {})

    def fill(self, wording: str, values: dict[str, str]) -> str:
        """`wording` with its slots filled by `values`, or by their examples."""
        return SLOT.sub(lambda slot: values.get(slot[1], self.slots[slot[1]].example), wording)

    def version_on(self, day: date | None) -> Version:
        """The version in force on `day`; the newest without a day, the oldest before all of them."""
        in_force = [each for each in self.versions if day is None or each.effective is None or each.effective <= day]
        return in_force[-1] if in_force else self.versions[0]
