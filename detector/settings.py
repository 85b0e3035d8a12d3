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
ANY_KEY = "[...]"  # how msgspec writes a table's key in a path
PLACE = re.compile(r" - at `([^`]+)`$")
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
        message = str(error)
        raise ConfigError(where, _placed(settings_type, content, message), _cure(settings_type, message)) from error


def _placed(settings_type: type, content: object, message: str) -> str:
    """The message with the names of the tables that msgspec leaves open (`$.slots[...].kind`)."""
    place = PLACE.search(message)
    if place is None or ANY_KEY not in place[1]:
        return message
    *parts, last = place[1].split(ANY_KEY)
    shown = ""
    for part in parts:
        shown += part
        for key in _keys_at(content, shown):
            named = f"{shown}.{key}"
            if _fault(settings_type, _only(content, _steps(named))) == message:
                shown = named
                break
    return f"{message[: place.start()]} - at `{shown}{last}`"


def _fault(settings_type: type, content: object) -> str:
    try:
        msgspec.convert(content, settings_type)
    except msgspec.ValidationError as error:
        return str(error)
    return ""


def _steps(place: str) -> list[str | int]:
    return [int(step[1:-1]) if step.startswith("[") else step for step in re.findall(r"\[\d+\]|[^.\[\]$]+", place)]


def _keys_at(content: object, place: str) -> list[str]:
    for step in _steps(place):
        content = content[step]  # type: ignore[index]  # msgspec has been there
    return list(content) if isinstance(content, dict) else []


def _only(content: object, steps: list[str | int]) -> object:
    """The content without the tables beside the one that `steps` end at."""
    first, *rest = steps
    if not rest:
        return {first: content[first]}  # type: ignore[index]
    if isinstance(content, list):
        return [_only(each, rest) if number == first else each for number, each in enumerate(content)]
    return {**content, first: _only(content[first], rest)}  # type: ignore[index, dict-item]


def _cure(settings_type: type, message: str) -> str:
    """The nearest known key for an unknown one, the allowed words for another word."""
    fields = _fields(settings_type)
    unknown = UNKNOWN_FIELD.search(message)
    if unknown is not None:
        known = {field.encode_name for field in fields}
        nearest = difflib.get_close_matches(unknown[1], known, n=1)
        return f"did you mean `{nearest[0]}`?" if nearest else f"known keys: {', '.join(sorted(known))}"
    if message.startswith("Invalid enum value") and (place := PLACE.search(message)):
        allowed = {
            word for field in fields if place[1].endswith(f".{field.encode_name}") for word in _words(field.type)
        }
        return f"one of: {', '.join(sorted(allowed))}" if allowed else ""
    if "missing required field" in message:
        return "add it"
    return ""


def _words(info: msgspec.inspect.Type) -> list[str]:
    """What a Literal or an Enum allows."""
    if isinstance(info, msgspec.inspect.LiteralType):
        return [str(value) for value in info.values]
    return [str(member.value) for member in info.cls] if isinstance(info, msgspec.inspect.EnumType) else []


def _fields(settings_type: type) -> list[msgspec.inspect.Field]:
    """Every field of a Struct and of the Structs inside it."""
    fields: list[msgspec.inspect.Field] = []
    pending, seen = [msgspec.inspect.type_info(settings_type)], set()
    while pending:
        info = pending.pop()
        if isinstance(info, msgspec.inspect.StructType) and info.cls not in seen:
            seen.add(info.cls)
            fields += info.fields
            pending += [field.type for field in info.fields]
        for part in ("item_type", "value_type"):
            if isinstance(inner := getattr(info, part, None), msgspec.inspect.Type):
                pending.append(inner)
        pending += getattr(info, "types", ())
    return fields
