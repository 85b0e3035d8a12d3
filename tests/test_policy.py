"""Policies: presets load, and every mistake in one is an error that names the cure."""

from pathlib import Path

import pytest

from detector.errors import ConfigError
from detector.finding import Severity
from detector.policy import DisclaimerPolicy, load_policy, preset_names
from detector.post import Origin, Post


@pytest.mark.parametrize("name", preset_names())
def test_presets_load_under_their_own_name(name: str) -> None:
    policy = load_policy(name)
    assert policy.name == name
    assert policy.description
    assert len(policy.checksum) == 64


@pytest.mark.parametrize(
    ("toml", "complaint"),
    [
        ('name = "x"\ntreshold = 1', "unknown field `treshold`"),
        ('name = "x"\n[recommendations]\ntreshold = 0.5', "did you mean `threshold`?"),
        ('name = "x"\n[recommendations]\nthreshold = 1.5', "<= 1.0"),
        ('name = "x"\n[recommendations]\nkinds = ["buy"]', "unknown 'buy' (known: guarantee"),
        ('name = "x"\n[recommendations.severity]\naction = "fatal"', "fatal"),
        ('name = "x"\n[[disclaimers]]\nids = ["*"]\nwhen = "sometimes"', "sometimes"),
        ("name = ", "not valid TOML"),
        ("description = 'no name'", "name"),
    ],
)
def test_mistakes_name_the_file_and_the_cure(tmp_path: Path, toml: str, complaint: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(toml)
    with pytest.raises(ConfigError) as caught:
        load_policy(path)
    assert str(path) in str(caught.value)
    assert complaint in str(caught.value)


def test_unknown_policy_lists_the_presets() -> None:
    with pytest.raises(ConfigError, match="eu_mar"):
        load_policy("mars")


def test_a_folder_holds_policy_and_texts_and_both_make_its_checksum(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text('name = "acme"')
    before = load_policy(tmp_path)
    assert before.disclaimer_folder is None
    (tmp_path / "disclaimers").mkdir()
    (tmp_path / "disclaimers" / "acme.toml").write_text('id = "acme"')
    after = load_policy(tmp_path)
    assert after.disclaimer_folder == tmp_path / "disclaimers"
    assert before.checksum != after.checksum


def test_severity_is_a_warning_unless_said() -> None:
    policy = load_policy("default")
    assert policy.severity_of("guarantee") is Severity.ERROR
    assert policy.severity_of("implicit") is Severity.WARNING


def test_requirements_choose_posts_by_format_and_by_being_comments() -> None:
    demand = DisclaimerPolicy(ids=("x",), formats=("csv",))
    assert demand.applies_to(Post("1", "", origin=Origin("f", 1, "csv")))
    assert not demand.applies_to(Post("1", "", origin=Origin("f", 1, "jsonl")))
    assert not demand.applies_to(Post("1", "", parent="0", origin=Origin("f", 1, "csv")))
