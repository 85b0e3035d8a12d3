"""Configuration: a file, then the environment; every mistake names its cure."""

from pathlib import Path

import pytest

from detector.errors import ConfigError
from detector.service.settings import ServiceSettings, load_service_settings

E = "DETECTOR_SERVICE_"


def test_the_environment_overrules_the_file(tmp_path: Path) -> None:
    path = tmp_path / "service.toml"
    path.write_text('port = 1\npolicies = ["eu_mar"]\n[limits]\ndepth = 4\nburst = 5\n[keys]\na = "x"\n')
    settings = load_service_settings(
        path,
        environment={
            f"{E}PORT": "2",
            f"{E}LIMITS__DEPTH": "8",
            f"{E}KEYS__FORUM": "12345",
            f"{E}CORAL_PHASE__SECRETS": "new, old",
            f"{E}HOSTS": '["a,b"]',
            f"{E}STORE__KEEP_TEXT": "true",
            f"{E}STORE__RETENTION_DAYS": "30",
            f"{E}LIMITS__REQUESTS_PER_SECOND": "0.5",
            "PATH": "/bin",
            "DETECTOR_TEST_PROGRAMS": "all",
        },
    )
    assert (settings.port, settings.limits.depth, settings.limits.burst) == (2, 8, 5)
    assert settings.keys == {"a": "x", "forum": "12345"}
    assert settings.coral_phase.secrets == ("new", "old")
    assert settings.hosts == ("a,b",)
    assert (settings.store.keep_text, settings.store.retention_days) == (True, 30)
    assert settings.limits.requests_per_second == 0.5
    assert settings.policies == ("eu_mar",)


@pytest.mark.parametrize(
    ("variable", "value", "complaint"),
    [
        ("PROT", "1", "did you mean `port`?"),
        ("LIMITS__DEPHT", "1", "did you mean `depth`?"),
        ("LIMIT__DEPTH", "1", "did you mean `limits`?"),
        ("PORT", "http", "Expected `int`"),
        ("PORT__X", "1", "unknown key `x`"),
        ("PORT", "70000", "<= 65535"),
        ("NATIVE__ON_FAILURE", "maybe", "Invalid enum value 'maybe'"),
        ("HOSTS", "[", "Invalid"),
        ("LIMITS", "1", "Expected `object`"),
    ],
)
def test_mistakes_in_the_environment_name_the_variable_or_key(variable: str, value: str, complaint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_service_settings(environment={E + variable: value})
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("toml", "complaint"),
    [
        ("prot = 1", "did you mean `port`?"),
        ("[coral]\nbudget = 1", "did you mean `budget_ms`?"),
        ("port =", "not valid"),
    ],
)
def test_mistakes_in_the_file_name_the_file(tmp_path: Path, toml: str, complaint: str) -> None:
    path = tmp_path / "service.toml"
    path.write_text(toml)
    with pytest.raises(ConfigError) as caught:
        load_service_settings(path, environment={})
    assert str(path) in str(caught.value)
    assert complaint in str(caught.value)


def test_defaults_are_safe() -> None:
    settings = ServiceSettings()
    assert settings.host == "127.0.0.1"
    assert not settings.cors_origins
    assert not settings.store.keep_text
    assert not settings.discourse_hook.url
    assert not settings.standard_webhooks.send_to
