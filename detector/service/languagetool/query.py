"""The parameters of `/v2/check`, with LanguageTool's own rules for them (V2TextChecker.java, TextChecker.java)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from detector.service.languagetool.annotated import Annotated, annotated_text
from detector.service.languagetool.languages import is_known, known_codes
from detector.service.languagetool.refusal import Refused

RENAMED = {
    "enabled": "the parameter is now called 'enabledRules' in v2 of the API",
    "disabled": "the parameter is now called 'disabledRules' in v2 of the API",
    "preferredvariants": "the parameter is now called 'preferredVariants' (uppercase 'V') in v2 of the API",
    "autodetect": "automatic language detection is now activated with 'language=auto' in v2 of the API",
}
LEVELS = frozenset({"default", "picky"})
YES = frozenset({"yes", "true"})


@dataclass(frozen=True, slots=True)
class Query:
    """What a client asks: a text, a language, and which rules it wants to hear of."""

    text: Annotated
    language: str
    preferred: str | None
    enabled_rules: frozenset[str]
    disabled_rules: frozenset[str]
    enabled_categories: frozenset[str]
    disabled_categories: frozenset[str]
    enabled_only: bool

    def wants(self, rule: str, category: str) -> bool:
        """Whether a match of that rule is to be reported; a rule's own setting goes before its category's."""
        if self.enabled_only:
            return rule in self.enabled_rules or category in self.enabled_categories
        if rule in self.disabled_rules:
            return False
        return category not in self.disabled_categories or rule in self.enabled_rules


def parse_query(parameters: Mapping[str, str], *, any_language: bool) -> Query:
    """The parameters as a query. `any_language`: an upstream server knows more of them. Raises `Refused`."""
    text = annotated_text(parameters.get("text"), parameters.get("data"))
    language = parameters.get("language", "")
    if not language:
        example = "e.g. 'language=en-US' for American English or 'language=auto'"
        raise Refused(400, f"Missing 'language' parameter, {example}")
    for name, now in RENAMED.items():
        if name in parameters:
            raise Refused(400, f"You specified '{name}' but {now}")
    if not any_language and not is_known(language):
        raise Refused(400, f"'{language[:20]}' is not a language code known here. Supported codes are: {known_codes()}")
    if parameters.get("level", "default").lower() not in LEVELS:
        raise Refused(400, "If 'level' is set, it must be set to 'default' or 'picky'")
    query = Query(
        text=text,
        language=language,
        preferred=_preferred_english(parameters),
        enabled_rules=_listed(parameters, "enabledRules"),
        disabled_rules=_listed(parameters, "disabledRules"),
        enabled_categories=_listed(parameters, "enabledCategories"),
        disabled_categories=_listed(parameters, "disabledCategories"),
        enabled_only=parameters.get("enabledOnly", "").lower() in YES,
    )
    _check_enabled_only(query)
    return query


def _preferred_english(parameters: Mapping[str, str]) -> str | None:
    """The variant of English that `preferredVariants` asks for."""
    variants = _listed(parameters, "preferredVariants")
    if variants and parameters["language"] != "auto":
        raise Refused(400, "You specified 'preferredVariants' but you didn't specify 'language=auto'")
    for variant in sorted(variants):
        if "-" not in variant:
            raise Refused(
                400, f"Invalid format for 'preferredVariants', expected a dash as in 'en-GB': '{variant[:20]}'"
            )
    return next((variant for variant in sorted(variants) if variant.startswith("en-") and is_known(variant)), None)


def _check_enabled_only(query: Query) -> None:
    if not query.enabled_only:
        return
    if query.disabled_rules or query.disabled_categories:
        raise Refused(400, "You cannot specify disabled rules or categories using enabledOnly=true")
    if not query.enabled_rules and not query.enabled_categories:
        raise Refused(400, "You must specify enabled rules or categories when using enabledOnly=true")


def _listed(parameters: Mapping[str, str], name: str) -> frozenset[str]:
    return frozenset(part.strip() for part in parameters.get(name, "").split(",") if part.strip())
