"""What recognition of several readers asks of a file's head."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from detector.readers.base.contract import Sample

_KEY = re.compile(r'"([^"\\]{1,80})"\s*:')
LINES_TRIED = 5


def first_objects(sample: Sample) -> list[dict[str, Any]]:
    """The JSON objects that fill the head's first lines, one each; [] when they do not.

    The very first line may be broken, if two sound ones follow. Of a line longer than the head, only the
    keys are known; their values are None.
    """
    lines = [line for line in sample.text.split("\n", LINES_TRIED + 1) if line.strip()]
    if len(lines) == 1 and not sample.whole:
        return [dict.fromkeys(keys_in(sample))] if lines[0].lstrip().startswith('{"') else []
    values = [_value(line) for line in lines[:LINES_TRIED]]
    sound = [isinstance(value, dict) for value in values]
    lined_up = sound[:1] == [True] or sound[1:3] == [True, True]
    return [value for value in values if isinstance(value, dict)] if lined_up else []


def _value(line: str) -> Any:  # noqa: ANN401
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return None


def keys_in(sample: Sample) -> set[str]:
    """All keys of JSON objects in the head, at any depth."""
    return set(_KEY.findall(sample.text))


def is_json_document(sample: Sample, *keys: str) -> bool:
    """True for a head that begins a JSON object or array in which all `keys` occur."""
    return sample.text.lstrip()[:1] in ("{", "[") and keys_in(sample).issuperset(keys)
