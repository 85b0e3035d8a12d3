"""What a rule found: the one type that every output renders."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Literal

SeverityWord = Literal["notice", "warning", "error"]


class Severity(IntEnum):
    """How much a finding matters to the policy; ordered, so that the worst is `max`."""

    NOTICE = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """The word used in policies, reports and JSON."""
        return self.name.lower()


class Integrity(StrEnum):
    """What became of a disclaimer in a post (`CONCEPTS.md`); least bad first, the worst decides."""

    INTACT = "intact"
    REFORMATTED = "reformatted"
    DUPLICATED = "duplicated"
    MISPLACED = "misplaced"
    OUTDATED = "outdated"
    QUOTED = "quoted"
    TRUNCATED = "truncated"
    ALTERED = "altered"
    CONCEALED = "concealed"
    CONTRADICTED = "contradicted"
    MISSING = "missing"

    @property
    def badness(self) -> int:
        """Rank in the order above: 0 is intact."""
        return list(Integrity).index(self)


EditClass = Literal[
    "negation", "modal", "number", "party", "dropped", "inserted", "disguised", "reordered",
    "synonym", "typo", "punctuation", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to a disclaimer. `start`/`end`: code points in the post's field, end exclusive.

    `expected` is the registered wording, `found` the post's own characters; either may be empty.
    For dropped words `start == end`: the place where they should stand.
    """

    edit_class: EditClass
    start: int
    end: int
    expected: str
    found: str
    changes_meaning: bool

    @property
    def in_words(self) -> str:
        """What was done, as a clause: “not” was removed."""
        expected, found = self.expected.strip(), self.found.strip()
        if not self.found:
            return f"“{expected}” was removed"
        return f"“{expected}” became “{found}”" if self.expected else f"“{found}” was added"


@dataclass(frozen=True, slots=True)
class Fix:
    """Replace `start:end` (code points of the post's field) by `replacement`."""

    title: str
    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One additive part of a score: the words (or named feature) and what they added, in log-odds."""

    words: str
    contribution: float


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say about one post. `start`/`end`: code points of `post.text` (or `post.title`
    when `field` is "title"), end exclusive; `text` is exactly that slice."""

    rule: str
    message: str
    severity: Severity
    start: int
    end: int
    text: str
    field: Literal["text", "title"] = "text"
    kind: str | None = None
    target: str | None = None
    probability: float | None = None
    disclaimer: str | None = None
    integrity: Integrity | None = None
    edits: tuple[Edit, ...] = ()
    reasons: tuple[Reason, ...] = ()
    fix: Fix | None = None
