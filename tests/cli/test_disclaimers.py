"""`detector disclaimers` as the author of a platform's own texts meets it."""

from pathlib import Path

import pytest
from test_cli import detector

from detector.cli.exits import Exit

GOOD = (Path(__file__).parents[1] / "disclaimers" / "platform" / "acme-notice.toml").read_text(encoding="utf-8")


@pytest.fixture
def platform(tmp_path: Path) -> Path:
    """A policy with a folder of its own texts."""
    (tmp_path / "house.toml").write_text('name = "house"\n\n[[disclaimers]]\nids = ["acme-notice"]\nwhen = "always"\n')
    (tmp_path / "disclaimers").mkdir()
    (tmp_path / "disclaimers" / "acme-notice.toml").write_text(GOOD, encoding="utf-8")
    return tmp_path


def test_a_text_dropped_into_the_policy_s_folder_is_listed_on_one_line(platform: Path) -> None:
    done = detector("disclaimers", "list", "--policy", platform / "house.toml")
    (line,) = [line for line in done.stdout.splitlines() if "acme-notice" in line]
    assert "Notice of an invented platform: versions, variants, slots" in line
    assert "primary, read 2026-11-22" in line
    assert "uk-nrrs" in done.stdout
    assert done.returncode == Exit.CLEAN


def test_validate_looks_at_every_file_of_a_folder(platform: Path) -> None:
    folder = platform / "disclaimers"
    assert detector("disclaimers", "validate", folder).stdout == f"{folder / 'acme-notice.toml'}: sound\n"
    (folder / "acme-old.toml").write_text("language: en\n")
    (folder / "acme-odd.toml").write_text(GOOD.replace("title =", "titel ="), encoding="utf-8")
    bare = GOOD.partition("[[examples]]")[0].replace('id = "acme-notice"', 'id = "acme-bare"')
    (folder / "acme-bare.toml").write_text(bare, encoding="utf-8")
    done = detector("disclaimers", "validate", folder)
    bare_line, sound, odd, old = done.stdout.splitlines()
    assert bare_line.startswith(f"{folder / 'acme-bare.toml'}: `examples`: none; give [[examples]]")
    assert sound == f"{folder / 'acme-notice.toml'}: sound"
    assert odd == (f"{folder / 'acme-odd.toml'}: Object contains unknown field `titel` (did you mean `title`?)")
    assert old.startswith(f"{folder / 'acme-old.toml'}: not valid TOML: ")
    assert "line 1" in old
    assert done.returncode == Exit.FINDINGS


def test_validate_says_which_example_does_not_hold(platform: Path) -> None:
    path = platform / "disclaimers" / "acme-notice.toml"
    path.write_text(GOOD.replace('integrity = "outdated"', 'integrity = "intact"'), encoding="utf-8")
    done = detector("disclaimers", "validate", path)
    assert done.stdout == f"{path}: `examples`: example 3: read as outdated; the file says intact\n"
    assert done.returncode == Exit.FINDINGS


def test_a_broken_text_stops_an_audit_before_it_begins(platform: Path) -> None:
    path = platform / "disclaimers" / "acme-notice.toml"
    path.write_text(GOOD.replace('kind = "number"', 'kind = "percent"'), encoding="utf-8")
    done = detector("audit", "-", "--policy", platform / "house.toml", stdin='{"text": "Buy NVDA now."}\n')
    assert done.returncode == Exit.USAGE
    assert done.stdout == ""
    assert done.stderr == (
        f"detector: {path}: Invalid enum value 'percent' - at `$.slots.percent.kind` "
        "(one of: date, number, party, text)\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("validate", "nowhere.toml"), "nowhere.toml: no such file or folder"),
        (("show", "uk-nrr"), "no text is registered as 'uk-nrr' (did you mean uk-nrrs?)"),
        (("diff", "uk-crypto", "uk-nrr"), "no text is registered as 'uk-nrr' (did you mean uk-nrrs?)"),
        (("diff", "uk-crypto@1999", "uk-nrrs"), "uk-crypto has no version '1999' (one of: 2023)"),
    ],
)
def test_a_wrong_name_is_an_error_that_says_the_right_one(arguments: tuple[str, ...], said: str) -> None:
    done = detector("disclaimers", *arguments)
    assert said in done.stderr
    assert done.returncode == Exit.USAGE


def test_diff_lists_what_changes_the_meaning_first() -> None:
    changed = "Dont invest unless you're prepared to lose some of the money you invest. This is a high-risk investment "
    done = detector("disclaimers", "diff", "uk-nrrs", changed + "and you are likely to be protected if it goes wrong.")
    assert "lose [-all-]{+some of+} the money" in " ".join(done.stdout.split())
    assert [line.strip().partition(":")[0] for line in done.stdout.splitlines() if line.startswith("  ")] == [
        "number",
        "negation",
        "other",
        "punctuation",
    ]
    assert done.returncode == Exit.FINDINGS
    assert detector("disclaimers", "diff", "uk-nrrs", "uk-nrrs").returncode == Exit.CLEAN
