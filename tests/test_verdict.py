"""Verdicts: which findings lead to which, by the policy's table and the circumstances."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.errors import ConfigError
from detector.finding import Finding, Integrity, Severity
from detector.policy import load_policy, preset_names
from detector.verdict import Circumstances, Clause, Verdict, VerdictPolicy, rule_on

POLICY = VerdictPolicy(
    clauses=(
        Clause(Verdict.NUDGE, roles=("moderator",)),
        Clause(Verdict.BLOCK, kinds=("solicitation",), probability=0.9, upheld=2),
        Clause(Verdict.BLOCK, sites=("schools",), severity="warning"),
        Clause(Verdict.REVIEW, rules=("disclaimer_altered",), integrity=("contradicted",)),
    )
)


def finding(kind: str | None = "action", probability: float | None = 0.7, **more: object) -> Finding:
    values = {"rule": "recommendation", "severity": Severity.WARNING} | more
    return Finding(message="", start=0, end=1, text="x", kind=kind, probability=probability, **values)  # type: ignore[arg-type] # values are as declared


SPAM = finding("solicitation", 0.95, severity=Severity.ERROR)
DENIED = finding(None, None, rule="disclaimer_altered", integrity=Integrity.CONTRADICTED, severity=Severity.NOTICE)


@pytest.mark.parametrize(
    ("found", "circumstances", "verdict", "because"),
    [
        ([], Circumstances(), Verdict.ALLOW, "no findings"),
        ([finding()], Circumstances(), Verdict.NUDGE, "severity warning"),
        ([finding(severity=Severity.NOTICE)], Circumstances(), Verdict.ALLOW, "severity notice"),
        ([SPAM], Circumstances(), Verdict.REVIEW, "severity error"),
        ([SPAM], Circumstances(upheld=2), Verdict.BLOCK, "clause 2"),
        ([SPAM], Circumstances(upheld=1), Verdict.REVIEW, "severity error"),
        ([SPAM], Circumstances(role="moderator", upheld=9), Verdict.NUDGE, "clause 1"),
        ([finding()], Circumstances(site="schools"), Verdict.BLOCK, "clause 3"),
        ([DENIED], Circumstances(site="schools"), Verdict.REVIEW, "clause 4"),
    ],
)
def test_the_first_clause_that_is_met_decides_else_severity(
    found: list[Finding], circumstances: Circumstances, verdict: Verdict, because: str
) -> None:
    ruling = rule_on(found, POLICY, circumstances=circumstances)
    assert (ruling.verdict, ruling.because) == (verdict, because)


def test_the_gravest_finding_decides_and_is_named() -> None:
    ruling = rule_on([finding(), SPAM, DENIED, finding(severity=Severity.NOTICE)], POLICY)
    assert ruling.verdict is Verdict.REVIEW
    assert ruling.decisive == (1, 2)
    assert ruling.because == "severity error, clause 4"


def test_an_approval_goes_before_every_finding_and_a_rejection_never_sinks_below_review() -> None:
    assert rule_on([SPAM], POLICY, standing="approved").verdict is Verdict.ALLOW
    assert rule_on([finding()], POLICY, standing="rejected").verdict is Verdict.REVIEW
    blocked = rule_on([SPAM], POLICY, circumstances=Circumstances(upheld=2), standing="rejected")
    assert blocked.verdict is Verdict.BLOCK


FINDINGS = st.builds(
    finding,
    st.sampled_from(["action", "solicitation", "guarantee", "forecast"]),
    st.floats(0, 1),
    severity=st.sampled_from(list(Severity)),
)


@given(st.lists(FINDINGS, max_size=5), FINDINGS, st.integers(0, 3))
def test_a_further_finding_never_makes_a_verdict_milder(found: list[Finding], more: Finding, upheld: int) -> None:
    circumstances = Circumstances(upheld=upheld)
    before = rule_on(found, POLICY, circumstances=circumstances)
    after = rule_on([*found, more], POLICY, circumstances=circumstances)
    assert after.verdict.gravity >= before.verdict.gravity
    assert all(number < len(found) + 1 for number in after.decisive)


@pytest.mark.parametrize(
    ("toml", "complaint"),
    [
        ("[verdicts]\nwarnings = 'allow'", "did you mean `warning`?"),
        ("[verdicts]\nwarning = 'ban'", "Invalid enum value 'ban'"),
        ("[[verdicts.clauses]]\nverdict = 'block'\nkind = ['action']", "did you mean `kinds`?"),
        ("[[verdicts.clauses]]\nverdict = 'block'\nkinds = ['buy']", "unknown 'buy' (known: guarantee"),
        ("[[verdicts.clauses]]\nverdict = 'block'\nintegrity = ['gone']", "unknown 'gone' (known: intact"),
        ("[[verdicts.clauses]]\nverdict = 'block'\nprobability = 90", "<= 1.0"),
        ("[[verdicts.clauses]]\nkinds = ['action']", "missing required field `verdict`"),
    ],
)
def test_mistakes_in_a_table_name_the_cure(tmp_path: Path, toml: str, complaint: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(f'name = "x"\n{toml}')
    with pytest.raises(ConfigError) as caught:
        load_policy(path)
    assert complaint in str(caught.value)


@pytest.mark.parametrize("name", preset_names())
def test_presets_keep_out_only_what_was_upheld_before(name: str) -> None:
    table = load_policy(name).verdicts
    probable = [finding(kind, 0.99, severity=Severity.ERROR) for kind in ("guarantee", "solicitation", "action")]
    assert rule_on(probable, table).verdict is Verdict.REVIEW
    assert rule_on([finding()], table).verdict.gravity >= Verdict.NUDGE.gravity
