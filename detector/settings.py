"""Settings files (TOML) read into typed values: unknown keys are errors that name the nearest known key."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from detector.errors import ConfigError

T = TypeVar("T")
UNKNOWN_FIELD = re.compile(r"unknown field `([^`]+)`(?: - at `([^`]+)`)?")


def load_settings(settings_type: type[T], path: Path) -> T:
    """Read a TOML file as `settings_type`, a msgspec Struct with `forbid_unknown_fields`.

    Raises `ConfigError` that names the file, the key and the cure.
    """
    return convert_settings(settings_type, load_toml(path), where=str(path))


def load_toml(path: Path) -> dict[str, Any]:
    """Parse a TOML file. Raises `ConfigError`."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(str(path), error.strerror or "cannot be read") from error
    except ValueError as error:
        raise ConfigError(str(path), f"not valid TOML: {error}") from error


def convert_settings(settings_type: type[T], content: dict[str, object], *, where: str) -> T:
    """Turn parsed TOML into `settings_type`. Raises `ConfigError`."""
    try:
        return msgspec.convert(content, settings_type)
    except msgspec.ValidationError as error:
        raise ConfigError(where, str(error), _nearest_key(settings_type, str(error))) from error


def _nearest_key(settings_type: type, message: str) -> str:
    unknown = UNKNOWN_FIELD.search(message)
    if unknown is None:
        return ""
    known = _known_keys(settings_type)
    nearest = difflib.get_close_matches(unknown[1], known, n=1)
    return f"did you mean `{nearest[0]}`?" if nearest else f"known keys: {', '.join(sorted(known))}"


def _known_keys(settings_type: type) -> set[str]:
    """Every key of a Struct and of the Structs inside it."""
    keys: set[str] = set()
    pending, seen = [msgspec.inspect.type_info(settings_type)], set()
    while pending:
        info = pending.pop()
        if isinstance(info, msgspec.inspect.StructType) and info.cls not in seen:
            seen.add(info.cls)
            keys |= {field.encode_name for field in info.fields}
            pending += [field.type for field in info.fields]
        for part in ("item_type", "value_type"):
            if isinstance(inner := getattr(info, part, None), msgspec.inspect.Type):
                pending.append(inner)
        pending += getattr(info, "types", ())
    return keys
