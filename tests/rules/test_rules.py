"""Every rule's own examples, run through the whole pipeline."""

from functools import cache
from pathlib import Path

import pytest

from detector.engine import Detector
from detector.finding import Finding
from detector.rules import all_rules
from detector.rules.rule import Example, Rule

CASES = [(rule, example) for rule in all_rules() for example in (*rule.bad, *rule.good)]


@cache
def detector(policy: str) -> Detector:
    return Detector(policy)


def found(rule: Rule, example: Example) -> list[Finding]:
    findings = detector(example.policy).check_text(example.text, text_format=example.format)
    return [finding for finding in findings if finding.rule == rule.name]


def test_every_rule_file_holds_a_rule_of_its_name(root: Path) -> None:
    machinery = {"__init__", "rule", "requirements"}
    files = {path.stem for path in (root / "detector/rules").glob("*.py")} - machinery
    assert files == {rule.name for rule in all_rules()}


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_every_rule_says_why_and_whence(rule: Rule) -> None:
    assert rule.summary
    assert rule.why
    assert rule.source
    assert len(rule.bad) >= 2
    assert len(rule.good) >= 2


@pytest.mark.parametrize(("rule", "example"), CASES, ids=lambda case: getattr(case, "text", "")[:40])
def test_rule_examples(rule: Rule, example: Example) -> None:
    findings = found(rule, example)
    if example in rule.good:
        assert findings == []
        return
    assert len(findings) == 1
    assert example.points_at in findings[0].text
    assert example.kind in (None, findings[0].kind)
