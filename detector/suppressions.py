"""Comments by which an author lets a finding stand: `<!-- detector: allow recommendation because it is satire -->`.

A comment alone on its line speaks of the next line that holds anything; any other of the line it stands on. A missing
disclaimer has no line: that comment may stand anywhere. Readers of the post do not see the comment, reports count it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detector.finding import Finding
from detector.post import TextFormat
from detector.reading import KINDS
from detector.view.html_tokens import tokens
from detector.view.markdown import code_fences

ANYWHERE = "disclaimer_missing"
VOID = "suppression"  # the rule that finds void comments
RULES = ("recommendation", "disclaimer_altered", ANYWHERE)
FORM = "<!-- detector: allow RULE because REASON -->"
_COMMENT = re.compile(r"<!--\s*detector\s*:(?P<said>.*?)-->", re.DOTALL | re.IGNORECASE)
_SAID = re.compile(r"\s*allow\b(?P<names>[\w\s,]*?)(?:\s*\bbecause\b\s*(?P<reason>.*?))?\s*", re.DOTALL | re.IGNORECASE)
_CODE = re.compile(r"(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)")
_ALONE = re.compile(r"[\s>*+-]*")


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment at `start:end` of the text (code points), and the stretch `covers` of which it speaks.

    `names`: rules, or kinds of recommendation. `fault` says in words why the comment is void; empty if it holds.
    """

    start: int
    end: int
    names: tuple[str, ...]
    reason: str
    covers: tuple[int, int]
    fault: str = ""

    def allows(self, finding: Finding) -> bool:
        """Whether the comment speaks of that finding."""
        if self.fault or finding.field != "text":
            return False
        is_named = finding.rule in self.names or (finding.kind is not None and finding.kind in self.names)
        return is_named and (finding.rule == ANYWHERE or self.covers[0] <= finding.start < self.covers[1])


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that the author let stand, and the reason given."""

    finding: Finding
    reason: str


def suppressions(text: str, text_format: TextFormat) -> tuple[Suppression, ...]:
    """All comments to this program in a text, in order; those within code are examples and do not count."""
    if "<!--" not in text or "detector" not in text.lower():
        return ()
    return tuple(_read(text, *span) for span in _comments(text, text_format))


def parted(
    findings: Sequence[Finding], comments: Sequence[Suppression]
) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...]]:
    """The findings that stand, and those that a comment lets pass; what lies wholly in a comment is no finding."""
    if not comments:
        return tuple(findings), ()
    standing: list[Finding] = []
    suppressed: list[Suppressed] = []
    for finding in findings:
        by = next((each for each in comments if each.allows(finding)), None)
        if by is not None:
            suppressed.append(Suppressed(finding, by.reason))
        elif finding.rule == VOID or not any(
            each.start <= finding.start < finding.end <= each.end for each in comments
        ):
            standing.append(finding)
    return tuple(standing), tuple(suppressed)


def comment(names: Sequence[str], reason: str) -> str:
    """The comment that lets findings of these rules stand."""
    return f"<!-- detector: allow {', '.join(names)} because {reason} -->"


def _comments(text: str, text_format: TextFormat) -> Iterator[tuple[int, int]]:
    if text_format == "html":
        for token in tokens(text):
            if token.kind == "comment" and _COMMENT.fullmatch(text, token.start, token.end):
                yield token.start, token.end
        return
    code = [*code_fences(text), *(match.span() for match in _CODE.finditer(text))]
    for match in _COMMENT.finditer(text):
        if not any(start <= match.start() < end for start, end in code):
            yield match.span()


def _read(text: str, start: int, end: int) -> Suppression:
    comment = _COMMENT.fullmatch(text, start, end)
    said = _SAID.fullmatch(comment["said"]) if comment else None
    names = tuple(re.findall(r"\w+", said["names"])) if said else ()
    reason = " ".join((said["reason"] or "").split()) if said else ""
    return Suppression(start, end, names, reason, _covered(text, start, end), _fault(names, reason))


def _fault(names: tuple[str, ...], reason: str) -> str:
    known = (*RULES, *KINDS)
    if not names:
        return f"it cannot be read; write {FORM}"
    for name in names:
        if name not in known:
            return f"no rule or kind is called “{name}”; known rules: {', '.join(RULES)}"
    return "" if re.search(r"\w", reason) else f"it gives no reason; write {FORM}"


def _covered(text: str, start: int, end: int) -> tuple[int, int]:
    """The comment's own line, or the next one that holds anything if the comment stands alone."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = _line_end(text, end)
    others = _COMMENT.sub("", text[line_start:line_end])
    if _ALONE.fullmatch(others) is None:
        return line_start, line_end
    at = line_end
    while at < len(text):
        begin, at = at + 1, _line_end(text, at + 1)
        if _ALONE.fullmatch(_COMMENT.sub("", text[begin:at])) is None:
            return begin, at
    return len(text), len(text)


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found
