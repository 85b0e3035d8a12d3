"""`--limits record_bytes=64M,members=1000`: the readers' limits as numbers."""

from __future__ import annotations

import re
from dataclasses import fields
from difflib import get_close_matches

from detector.errors import ConfigError

NUMBER = re.compile(r"(\d{1,15})([KMGT]?)", re.IGNORECASE)
UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


def parse_limits(written: str) -> dict[str, int]:
    """The limits that are named. Raises `ConfigError` for unknown names and for what is no positive number."""
    from detector.readers import Limits

    known = [each.name for each in fields(Limits)]
    found = {}
    for pair in filter(None, written.split(",")):
        name, _, value = (part.strip() for part in pair.partition("="))
        if name not in known:
            close = get_close_matches(name, known, 1)
            hint = f"did you mean {close[0]}? " if close else ""
            raise ConfigError("--limits", f"unknown limit {name!r}", f"{hint}limits: {', '.join(known)}")
        number = NUMBER.fullmatch(value)
        if number is None or not int(number[1]):
            raise ConfigError("--limits", f"{name}: {value!r} is no number above 0", "as in --limits record_bytes=64M")
        found[name] = int(number[1]) * UNITS[number[2].upper()]
    return found
