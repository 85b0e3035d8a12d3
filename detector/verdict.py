"""What is to happen to a post: findings, policy and circumstances make a verdict. Only doors know verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from detector.finding import Finding, Severity, SeverityWord

Standing = Literal["approved", "rejected"]


class Verdict(StrEnum):
    """Least grave first."""

    ALLOW = "allow"
    NUDGE = "nudge"
    REVIEW = "review"
    BLOCK = "block"

    @property
    def gravity(self) -> int:
        """Rank in the order above: 0 is allow."""
        return list(Verdict).index(self)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the platform knows of author and place. Without it, nobody in particular, nowhere, for the first time.

    `upheld`: how many earlier findings in the author's posts were upheld by moderators.
    """

    role: str = ""
    site: str = ""
    upheld: int = 0


class Clause(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The verdict on findings that meet every condition; a condition left out is met by all."""

    verdict: Verdict
    """What follows: `allow`, `nudge`, `review` or `block`."""
    rules: tuple[str, ...] = ()
    """Any of these rules."""
    kinds: tuple[str, ...] = ()
    """Any of these kinds of recommendation."""
    integrity: tuple[str, ...] = ()
    """Any of these states of a disclaimer."""
    severity: SeverityWord | None = None
    """At least so severe."""
    probability: Annotated[float, msgspec.Meta(ge=0.0, le=1.0)] | None = None
    """At least so probable; findings without a probability do not meet it."""
    roles: tuple[str, ...] = ()
    """An author with any of these roles."""
    sites: tuple[str, ...] = ()
    """On any of these sites."""
    upheld: Annotated[int, msgspec.Meta(ge=0)] = 0
    """At least so many earlier findings in the author's posts were upheld."""

    def meets(self, finding: Finding, circumstances: Circumstances) -> bool:
        """Whether every condition holds."""
        return (
            _any(self.rules, finding.rule)
            and _any(self.kinds, finding.kind)
            and _any(self.integrity, finding.integrity)
            and (self.severity is None or finding.severity >= Severity[self.severity.upper()])
            and (self.probability is None or (finding.probability or 0.0) >= self.probability)
            and _any(self.roles, circumstances.role)
            and _any(self.sites, circumstances.site)
            and circumstances.upheld >= self.upheld
        )


class VerdictPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table `[verdicts]`: the first clause that a finding meets decides on it, else its severity does."""

    notice: Verdict = Verdict.ALLOW
    warning: Verdict = Verdict.NUDGE
    error: Verdict = Verdict.REVIEW
    clauses: tuple[Clause, ...] = ()

    def on(self, finding: Finding, circumstances: Circumstances) -> tuple[Verdict, str]:
        """The verdict on one finding, and what decided it."""
        for number, clause in enumerate(self.clauses, 1):
            if clause.meets(finding, circumstances):
                return clause.verdict, f"clause {number}"
        label = finding.severity.label
        return Verdict(getattr(self, label)), f"severity {label}"


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict and what decided it: `decisive` are numbers of findings, in their order; `because` is in words."""

    verdict: Verdict
    decisive: tuple[int, ...] = ()
    because: str = "no findings"


def rule_on(
    findings: Sequence[Finding],
    policy: VerdictPolicy,
    *,
    circumstances: Circumstances | None = None,
    standing: Standing | None = None,
) -> Ruling:
    """The gravest verdict on any finding; what a moderator decided on exactly this text goes before.

    A text that was approved is allowed; one that was rejected is reviewed again at least.
    """
    if standing == "approved":
        return Ruling(Verdict.ALLOW, because="a moderator approved this text")
    circumstances = circumstances or Circumstances()
    each = [policy.on(finding, circumstances) for finding in findings]
    verdict = max((one for one, _ in each), key=lambda one: one.gravity, default=Verdict.ALLOW)
    if standing == "rejected" and verdict.gravity <= Verdict.REVIEW.gravity:
        return Ruling(Verdict.REVIEW, tuple(range(len(findings))), "a moderator rejected this text")
    if not each:
        return Ruling(verdict)
    decisive = tuple(number for number, (one, _) in enumerate(each) if one is verdict)
    return Ruling(verdict, decisive, ", ".join(dict.fromkeys(each[number][1] for number in decisive)))


def _any(wanted: tuple[str, ...], given: str | None) -> bool:
    return not wanted or given in wanted
