"""The registry: every shipped file is sound and its examples hold; a bad file says what is wrong with it."""

from datetime import date
from pathlib import Path

import pytest
from msgspec import structs

from detector.errors import ConfigError
from detector.finding import Integrity
from detector.pipeline.disclaimers import Disclaimers
from detector.pipeline.disclaimers.inspection import differences, failing_examples
from detector.registry import Disclaimer, Example, load_registry, read_disclaimer
from detector.registry.dates import on_day
from detector.registry.load import SHIPPED
from detector.registry.overview import rows
from detector.registry.segments import segments
from detector.view import make_view

PLATFORM = Path(__file__).parent / "platform"
REGISTRY = load_registry([PLATFORM])
EXAMPLES = [(entry, example) for entry in REGISTRY for example in entry.examples]
GOOD = (PLATFORM / "acme-notice.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(("entry", "example"), EXAMPLES, ids=[f"{e.id}-{n}" for n, (e, _) in enumerate(EXAMPLES)])
def test_examples_hold(entry: Disclaimer, example: Example) -> None:
    view = make_view(example.text, text_format=example.format)
    found = [each for each in Disclaimers(REGISTRY, ids=[entry.id]).predict(view) if each.id == entry.id]
    assert (found[0].integrity if found else Integrity.MISSING) == example.integrity
    edits = found[0].edits if found else ()
    assert sorted(edit.edit_class for edit in edits) == sorted(example.edits)


@pytest.mark.parametrize("entry", REGISTRY, ids=lambda entry: entry.id)
def test_every_entry_has_examples_of_use_and_of_harm(entry: Disclaimer) -> None:
    assert len(entry.examples) >= 2
    assert len({example.integrity for example in entry.examples}) >= 2


def test_the_shipped_folder_is_the_registry() -> None:
    assert {path.stem for path in SHIPPED.glob("*.toml")} == set(load_registry().entries)


def test_what_is_from_memory_is_disabled() -> None:
    assert {entry.id for entry in REGISTRY if entry.source.confidence == "memory"} == {
        entry.id for entry in REGISTRY if not entry.enabled
    }


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("jurisdiction =", "juristiction =", "did you mean `jurisdiction`?"),
        ("[versions.variants.short]", "[versions.variant.short]", "did you mean `variants`?"),
        ('confidence = "primary"', 'confidence = "memory"', "a wording from memory cannot be enabled"),
        ('confidence = "primary"', 'confidence = "hearsay"', "hearsay"),
        ("{provider} and were", "{vendor} and were", "{vendor} is not described"),
        (r"pattern = '(?:100", r"pattern = '(?:(100", "not a regular expression"),
        ('example = "61.5"', 'example = "lots"', "'lots' does not match the slot's own pattern"),
        ("effective = 2025-06-01", "effective = 2021-06-01", "`versions.2025.effective`: not in the order"),
        ("effective = 2025-06-01", "effective = 2023-01-01", "2023-01-01 is also the day of version '2023'"),
        ("effective = 2025-06-01\n", "", "`versions.2025.effective`: no day, so that it overlaps with version '2023'"),
        ('kind = "number"', 'kind = "percent"', "`$.slots.percent.kind` (one of: date, number, party, text)"),
        ('example = "61.5"\n', "", "missing required field `example` - at `$.slots.percent` (add it)"),
        ('wording = "Trading is risky. ', 'words = "Trading is risky. ', "`$.versions[0].variants.full` (did you mean"),
        ("when = ", "if = ", "`$.versions[1].variants.short`"),
        ('integrity = "outdated"', 'integrity = "outdate"', "one of: altered, concealed,"),
        ('name = "2025"', 'name = "2023"', "two versions have one name"),
        ('id = "acme-notice"', 'id = "acme"', "call the file acme.toml"),
        ("effective = 2023-01-01", 'effective = "last year"', "effective"),
        ("language = ", "language: ", "not valid TOML"),
    ],
)
def test_a_bad_file_says_what_is_wrong(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    path = tmp_path / "acme-notice.toml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_disclaimer(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such folder"):
        load_registry([tmp_path / "nowhere"])


def test_a_platform_can_replace_a_shipped_text(tmp_path: Path) -> None:
    text = (SHIPPED / "uk-p2p.toml").read_text(encoding="utf-8").replace("lose money", "lose all your money")
    (tmp_path / "uk-p2p.toml").write_text(text, encoding="utf-8")
    assert "lose all your money" in load_registry([tmp_path])["uk-p2p"].wording


def test_the_version_in_force_depends_on_the_day() -> None:
    entry = REGISTRY["acme-notice"]
    days = (date(2022, 1, 1), date(2024, 1, 1), date(2025, 6, 1), None)
    assert [entry.version_on(day).name for day in days] == ["2023", "2023", "2025", "2025"]


def test_two_wordings_can_be_laid_side_by_side() -> None:
    crypto, other = REGISTRY["uk-crypto"], REGISTRY["uk-nrrs"].wording
    parts = segments(other, differences(crypto, crypto.wording, other))
    assert "".join(part.text for part in parts if part.operation != "removed") == other
    changed = [part.text for part in parts if part.operation != "same"]
    assert changed == ["should not expect", "are unlikely"]
    acme = REGISTRY["acme-notice"]
    old, new = (version.variants["full"].wording for version in acme.versions)
    assert differences(acme, new, new) == ()
    assert {edit.edit_class for edit in differences(acme, old, new)} >= {"inserted"}


def test_failing_examples_are_named() -> None:
    entry = REGISTRY["uk-p2p"]
    wrong = structs.replace(entry, examples=(*entry.examples, Example(entry.wording, Integrity.ALTERED, ("modal",))))
    assert list(failing_examples(entry, REGISTRY)) == []
    assert list(failing_examples(wrong, REGISTRY)) == ["example 3: read as intact; the file says altered, modal"]


def test_an_earlier_version_was_right_in_its_time() -> None:
    entry = REGISTRY["acme-notice"]
    text = entry.fill(entry.versions[0].variants["full"].wording, {})
    (reading,) = Disclaimers(REGISTRY).predict(make_view(text))
    assert reading.integrity is Integrity.OUTDATED
    assert reading.fix is not None
    assert reading.fix.replacement == entry.filled
    assert on_day(reading, entry, date(2025, 7, 1)) is reading
    assert on_day(reading, entry, date(2024, 7, 1)).integrity is Integrity.INTACT


def test_rows_list_every_entry() -> None:
    listed = {row.id: row for row in rows(REGISTRY)}
    assert set(listed) == set(REGISTRY.entries)
    assert listed["uk-nrrs"].variants == ("full", "online")
    assert not listed["in-asci-crypto"].enabled
    assert listed["ttm-community"].read == "2026-11-22"
