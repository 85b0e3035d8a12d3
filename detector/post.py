"""A post as some platform exported it: the one type that readers make and the engine checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

RegionRole = Literal["topic", "disclaimer", "quote", "signature", "front_matter"]
TextFormat = Literal["plain", "markdown", "html"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a post was read: file name as given, record number (1-based), format's name."""

    file: str
    record: int
    format: str = ""


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of `Post.text` (code points, end exclusive) that is not the author's own words."""

    start: int
    end: int
    role: RegionRole


@dataclass(frozen=True, slots=True)
class Post:
    """One message. `text` is exactly what the export held; all offsets of findings refer to it.

    `created` is the export's own date text (ISO 8601 where the format allows a choice); a comment
    is a post with a `parent` (that post's id). `extra` keeps what else the format gave.
    """

    id: str
    text: str
    author: str | None = None
    created: str | None = None
    title: str | None = None
    parent: str | None = None
    url: str | None = None
    origin: Origin = field(default=Origin("", 0))
    format: TextFormat = "plain"
    regions: tuple[Region, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that became no post, and why; `record` is None when a whole file is meant.

    `left_out`: it could be read, but holds nothing to audit (a repost, a private message, a picture).
    """

    file: str
    record: int | None
    reason: str
    cure: str = ""
    left_out: bool = False

    def __str__(self) -> str:
        where = self.file if self.record is None else f"{self.file}, record {self.record}"
        return f"{where}: {self.reason}" + (f" ({self.cure})" if self.cure else "")
