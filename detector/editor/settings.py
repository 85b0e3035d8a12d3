"""What an editor's user may set: in `initializationOptions`, or in the section `detector` of the editor's settings."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from detector.settings import convert_settings

SECTION = "detector"


class EditorSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """`policy`: a preset's name or a file, relative to the workspace; empty: `detector.toml` and the like are looked
    for upward from the document. `debounceMs`: how long typing has to rest before findings are sent unasked.
    `docsUrl`: where the rule's name is appended for the link of a finding; empty: the rule's own file.
    """

    policy: str = ""
    debounce_ms: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 150
    docs_url: str = ""


def read_settings(given: Any) -> EditorSettings:  # noqa: ANN401 whatever a client sends
    """The settings in what a client sent, with or without the section's name around them.

    Raises `ConfigError` that names the nearest known key.
    """
    if isinstance(given, dict) and SECTION in given:
        given = given[SECTION]
    return convert_settings(EditorSettings, given or {}, where="editor settings")
