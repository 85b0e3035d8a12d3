"""Findings as diagnostics: a pure mapping."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lsprotocol import types

from detector import rules
from detector.checked import Checked, finding_id, text_checksum
from detector.editor.buffers import State
from detector.errors import ConfigError
from detector.finding import Finding, Integrity, Severity

SOURCE = "detector"
SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTICE: types.DiagnosticSeverity.Information,
}
TAGS = {
    Integrity.OUTDATED: [types.DiagnosticTag.Deprecated],
    Integrity.DUPLICATED: [types.DiagnosticTag.Unnecessary],
}


@dataclass(frozen=True, slots=True)
class Result:
    """What one state of a document was found to hold. `identity` is the same for the same diagnostics."""

    state: State
    checked: Checked | None
    diagnostics: tuple[types.Diagnostic, ...]
    identity: str


def make_result(state: State, checked: Checked, *, policy_checksum: str, docs_url: str) -> Result:
    """Every finding of the text as a diagnostic, in the editor's units."""
    checksum = text_checksum(state.text)
    diagnostics = tuple(
        _diagnostic(
            state, each, finding_id(each, text_checksum=checksum, policy_checksum=policy_checksum), docs_url=docs_url
        )
        for each in checked.findings
    )
    return Result(state, checked, diagnostics, _identity(diagnostics, policy_checksum))


def failed_result(state: State, error: ConfigError) -> Result:
    """One diagnostic at the document's beginning: nothing can be checked under that policy."""
    diagnostic = types.Diagnostic(
        range=state.stretch(0, 0),
        message=f"Not checked: the policy cannot be used. {error}",
        severity=types.DiagnosticSeverity.Error,
        source=SOURCE,
        code="policy",
    )
    return Result(state, None, (diagnostic,), _identity((diagnostic,), ""))


def shown(finding: Finding, text: str) -> tuple[int, int]:
    """Where a finding is underlined: its own place or, where it has none (something is missing), the last line that
    holds anything."""
    if finding.start < finding.end:
        return finding.start, finding.end
    end = len(text.rstrip())
    return max(text.rfind("\n", 0, end), text.rfind("\r", 0, end)) + 1, end


def _diagnostic(state: State, finding: Finding, identity: str, *, docs_url: str) -> types.Diagnostic:
    tags = TAGS.get(finding.integrity) if finding.integrity else None
    return types.Diagnostic(
        range=state.stretch(*shown(finding, state.text)),
        message=finding.message,
        severity=SEVERITIES[finding.severity],
        source=SOURCE,
        code=finding.rule,
        code_description=types.CodeDescription(href=rule_link(finding.rule, docs_url)),
        tags=tags,
        data=_data(finding, identity),
    )


def _data(finding: Finding, identity: str) -> dict[str, Any]:
    """What an extension may want to know beyond the message; offsets are code points."""
    said = {"kind": finding.kind, "target": finding.target, "probability": finding.probability}
    said |= {"disclaimer": finding.disclaimer, "integrity": str(finding.integrity) if finding.integrity else None}
    known = {name: value for name, value in said.items() if value is not None}
    return {"id": identity, "start": finding.start, "end": finding.end} | known


def rule_link(rule: str, docs_url: str) -> str:
    """Where the rule is explained: under the user's own address, else in the file that is the rule."""
    return docs_url + quote(rule) if docs_url else _rule_file(rule)


@cache
def _rule_file(rule: str) -> str:
    return (Path(rules.__file__).parent / f"{rule}.py").as_uri()


def _identity(diagnostics: tuple[types.Diagnostic, ...], policy_checksum: str) -> str:
    digest = hashlib.sha256(policy_checksum.encode())
    for each in diagnostics:
        place = each.range.start, each.range.end
        said = [*((at.line, at.character) for at in place), each.message, each.code, each.severity, each.data]
        digest.update(json.dumps(said).encode())
    return digest.hexdigest()[:16]
