"""The languages that the endpoint speaks of: English is judged; what else a text is in, is named and left alone."""

from __future__ import annotations

from typing import TypedDict

DEFAULT = "en-US"
AUTO = "auto"
NAMES = {
    "en": "English",
    "en-AU": "English (Australian)",
    "en-CA": "English (Canadian)",
    "en-GB": "English (GB)",
    "en-NZ": "English (New Zealand)",
    "en-US": "English (US)",
    "en-ZA": "English (South African)",
}
UNDETERMINED = frozenset({"", "und"})


class Language(TypedDict):
    """One entry of `/v2/languages`."""

    name: str
    code: str
    longCode: str


def languages() -> list[Language]:
    """All entries, as LanguageTool lists them: the plain language and each variant."""
    return [{"name": name, "code": "en", "longCode": code} for code, name in NAMES.items()]


def is_known(code: str) -> bool:
    """Whether a client may ask for it; the case of letters does not matter."""
    return code.lower() in {AUTO, *(each.lower() for each in NAMES)}


def known_codes() -> str:
    """The codes, for messages."""
    return ", ".join(NAMES)


def described(asked: str, preferred: str | None, detected: str) -> dict[str, object]:
    """The `language` of an answer: what was asked for, and what the text is in as far as that was found out."""
    code = (preferred or DEFAULT) if asked == AUTO else asked
    certain = detected not in UNDETERMINED
    found = detected if certain and detected != "en" else code
    return {
        "name": NAMES.get(code, code),
        "code": code,
        "detectedLanguage": {
            "name": NAMES.get(found, found),
            "code": found,
            "confidence": 0.99 if certain else 0.0,
            "source": "detector",
        },
    }
