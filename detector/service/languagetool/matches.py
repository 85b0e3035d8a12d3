"""A finding as LanguageTool's `match`, with every field that its clients read (LTeX+, Obsidian, add-ons)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from detector.finding import Finding, Integrity
from detector.fixes import Action, Offer
from detector.kinds import KIND_WORDS
from detector.rules import all_rules
from detector.service.languagetool.annotated import Annotated

CONTEXT = 40
ELLIPSIS = "..."
SENTENCE = re.compile(r"\S(?:.*?[.!?…]+(?=\s|\Z)|.*)")
LAST_WORD = re.compile(r"\S+(?=\s*\Z)")
ADVICE = ("STYLE", "Investment advice")
DISCLAIMER = ("MISC", "Disclaimers")


def rule_id(finding: Finding) -> str:
    """Shaped like LanguageTool's own, which clients expect: `FINANCIAL_ADVICE_ACTION`, `DISCLAIMER_MISSING`."""
    if finding.kind is not None:
        return f"FINANCIAL_ADVICE_{finding.kind}".upper()
    return (
        f"DISCLAIMER_{finding.integrity or 'ALTERED'}".upper() if "disclaimer" in finding.rule else finding.rule.upper()
    )


def category(finding: Finding) -> tuple[str, str]:
    """Id and name; the ids are LanguageTool's, so that clients have a colour for them."""
    return ADVICE if finding.kind is not None else DISCLAIMER


def matches(findings: Iterable[tuple[Finding, tuple[Offer, ...]]], text: Annotated) -> Iterator[dict[str, Any]]:
    """The matches, in the order of the text; offsets are UTF-16 code units of the text with its markup."""
    for finding, offers in findings:
        start, end = _shown(finding, text.plain)
        source = text.span(start, end)
        offset = text.utf16(source[0])
        yield {
            "message": finding.message,
            "shortMessage": _short(finding),
            "replacements": [{"value": value} for value in _replacements(source, offers, text)],
            "offset": offset,
            "length": text.utf16(source[1]) - offset,
            "context": _context(start, end, text.plain),
            "sentence": _sentence(start, text.plain),
            "type": {"typeName": "Other"},
            "rule": _rule(finding),
            "ignoreForIncompleteSentence": False,
            "contextForSureMatch": 0,
        }


def _shown(finding: Finding, plain: str) -> tuple[int, int]:
    """Clients show no empty match, so what is missing at the end is shown at the last word."""
    if finding.start < finding.end:
        return finding.start, finding.end
    last = LAST_WORD.search(plain)
    return last.span() if last else (0, len(plain))


def _replacements(shown: tuple[int, int], offers: Iterable[Offer], text: Annotated) -> Iterator[str]:
    """A client puts a replacement in the match's place, so each carries what stands around the fix in there."""
    start, end = shown
    for fix in (offer.fix for offer in offers if offer.action is not Action.SUPPRESS):
        fix_start, fix_end = text.span(fix.start, fix.end)
        if start <= fix_start and (fix_end <= end or not text.source[end:fix_end].strip()):
            tail = text.source[fix_end:end] if fix_end <= end else ""
            yield text.source[start : min(fix_start, end)] + fix.replacement + tail


def _short(finding: Finding) -> str:
    words = KIND_WORDS.get(finding.kind or "")
    return words.label.capitalize() if words else f"Disclaimer {finding.integrity or ''}".strip()


def _rule(finding: Finding) -> dict[str, Any]:
    words = KIND_WORDS.get(finding.kind or "")
    summary = next((rule.summary for rule in all_rules() if rule.name == finding.rule), finding.rule)
    identity, name = category(finding)
    return {
        "id": rule_id(finding),
        "description": f"A passage that {words.definition}" if words else summary,
        "issueType": "style" if finding.kind else "non-conformance",
        "category": {"id": identity, "name": name},
        "urls": [],
    }


def descriptions() -> Iterator[dict[str, str]]:
    """Every rule that may be reported, as `/v2/configinfo` lists them."""
    advice = [
        (f"FINANCIAL_ADVICE_{kind}".upper(), f"A passage that {words.definition}") for kind, words in KIND_WORDS.items()
    ]
    states = [each for each in Integrity if each not in (Integrity.INTACT, Integrity.REFORMATTED)]
    disclaimers = [(f"DISCLAIMER_{state}".upper(), f"A required disclaimer that is {state}") for state in states]
    for rules, (identity, name), issue in ((advice, ADVICE, "style"), (disclaimers, DISCLAIMER, "non-conformance")):
        for rule, description in rules:
            yield {
                "ruleId": rule,
                "description": description,
                "categoryId": identity,
                "categoryName": name,
                "locQualityIssueType": issue,
            }


def sentence_ranges(text: Annotated) -> Iterator[list[int]]:
    """Where sentences begin and end, in UTF-16 code units of the text with its markup."""
    for start, end in sentences(text.plain):
        source = text.span(start, end)
        yield [text.utf16(source[0]), text.utf16(source[1])]


def _context(start: int, end: int, plain: str) -> dict[str, Any]:
    """The words around a match on one line, in UTF-16 code units."""
    left, right = max(0, start - CONTEXT), min(len(plain), end + CONTEXT)
    head = (ELLIPSIS if left else "") + plain[left:start]
    body, tail = plain[start:end], plain[end:right] + (ELLIPSIS if right < len(plain) else "")
    line = re.sub(r"[\r\n\t]", " ", head + body + tail)
    return {"text": line, "offset": _size(head), "length": _size(body)}


def _sentence(start: int, plain: str) -> str:
    return next(
        (plain[first:last] for first, last in sentences(plain) if first <= start < last), plain[start : start + 1]
    )


def sentences(plain: str) -> Iterator[tuple[int, int]]:
    """Sentences, roughly: a line, or a part of it that ends in a full stop. Code points of the plain text."""
    for found in SENTENCE.finditer(plain):
        yield found.span()


def _size(text: str) -> int:
    """UTF-16 code units."""
    return len(text) + sum(character > "\uffff" for character in text)
