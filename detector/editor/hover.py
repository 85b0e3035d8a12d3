"""What a finding says when it is pointed at: what it means, why it matters, where that comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detector.finding import Finding, Reason
from detector.kinds import KIND_WORDS, TARGET_WORDS
from detector.registry import Registry
from detector.rules import all_rules
from detector.rules.rule import Rule

SHOWN_REASONS = 5
SHOWN_EDITS = 5
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~])")


def explanation(findings: list[Finding], registry: Registry) -> str:
    """The findings explained, as Markdown."""
    return "\n\n---\n\n".join("\n\n".join(_paragraphs(each, registry)) for each in findings)


def plain(markdown: str) -> str:
    """The same without marks, for editors that show plain text only."""
    without_marks = re.sub(r"(?<!\\)\*\*|(?<!\\)`|^- ", "", markdown, flags=re.MULTILINE)
    return re.sub(r"\\([\\`*_{}\[\]<>()#+!|~])", r"\1", without_marks)


def escaped(words: str) -> str:
    """Words of the text as they are: no editor may take them for marks or links."""
    return _MARKDOWN.sub(r"\\\1", " ".join(words.split()))


def _paragraphs(finding: Finding, registry: Registry) -> Iterator[str]:
    rule = next((each for each in all_rules() if each.name == finding.rule), None)
    yield f"**{_head(finding)}**"
    yield escaped(finding.message)
    if finding.target:
        yield f"About {TARGET_WORDS[finding.target]}."
    if finding.reasons:
        yield "Why it reads so: " + ", ".join(map(_reason, _strongest(finding.reasons)))
    if finding.edits:
        yield "\n".join(
            f"- “{escaped(each.found)}” should be “{escaped(each.expected)}”" for each in finding.edits[:SHOWN_EDITS]
        )
    if finding.disclaimer and finding.disclaimer in registry:
        entry = registry[finding.disclaimer]
        yield f"The registered wording: {escaped(entry.wording)}"
        yield f"Registered after: {escaped(entry.source.name)}, {entry.source.date}"
    if rule is not None:
        yield from _about(rule)


def _head(finding: Finding) -> str:
    words = KIND_WORDS.get(finding.kind or "")
    label = words.label if words else finding.rule.replace("_", " ")
    return label[:1].upper() + label[1:]


def _strongest(reasons: tuple[Reason, ...]) -> list[Reason]:
    return sorted(reasons, key=lambda reason: -abs(reason.contribution))[:SHOWN_REASONS]


def _reason(reason: Reason) -> str:
    return f"{escaped(reason.words)} ({reason.contribution:+.1f})"


def _about(rule: Rule) -> Iterator[str]:
    yield rule.why
    yield f"Source: {rule.source}"
