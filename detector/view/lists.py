"""The lists of `spelling.toml`, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def content() -> dict[str, Any]:
    """All that the file says."""
    return tomllib.loads(files("detector.view").joinpath("spelling.toml").read_text(encoding="utf-8"))


@cache
def listed(name: str) -> frozenset[str]:
    """The words of one list."""
    return frozenset(content()[name].split())
