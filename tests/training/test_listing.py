"""The list of public posts: no text in it, and the labelled set again from it and the texts."""

from __future__ import annotations

import gzip
import json
import tomllib
from pathlib import Path

import pytest

from detector.errors import InputError
from detector.reading import KINDS, RECOMMENDATION_KINDS
from training.corrections import corrected
from training.labelled import UNLABELLED, LabelledPassage, LabelledPost
from training.listing import LISTING, entries, packed, rebuild, text_hash

MADE = [
    {
        "id": f"{number:08x}", "dataset": dataset, "source": "made", "row": str(number), "split": "enriched",
        "text": text,
        "passages": [{"start": 0, "end": len(text), "kind": kind}],
    }
    for number, (dataset, text, kind) in enumerate(
        [("one", "Nice weather 🚀 today.", "other"), ("one", "Should I?", "question"), ("two", "It fell.", "news_fact")]
    )
]  # fmt: skip


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "labelled.jsonl"
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in MADE), encoding="utf-8")
    return path


def kept() -> list[dict[str, object]]:
    return [json.loads(line) for line in gzip.decompress(LISTING.read_bytes()).splitlines()]


def test_the_list_holds_no_text(labelled: Path) -> None:
    listed = packed(entries([labelled]))
    assert listed == packed(entries([labelled]))
    content = gzip.decompress(listed).decode()
    assert not any(str(record["text"]) in content for record in MADE)
    assert all(set(json.loads(line)) == set(kept()[0]) for line in content.splitlines())


def test_the_shipped_list_has_only_its_fields_and_known_labels() -> None:
    fields = {"id", "dataset", "source", "row", "split", "characters", "sha256", "passages"}
    for entry in kept():
        assert set(entry) == fields
        for passage in entry["passages"]:
            assert set(passage) <= {"start", "end", "kind", "target", "unsure"}
            assert passage["kind"] in {*KINDS, UNLABELLED}
            assert 0 <= passage["start"] < passage["end"] <= entry["characters"]


def test_the_labelled_set_comes_back_and_what_is_missing_is_counted(labelled: Path, tmp_path: Path) -> None:
    listing, texts, out = tmp_path / "list.jsonl.gz", tmp_path / "texts.jsonl", tmp_path / "out.jsonl"
    listing.write_bytes(packed(entries([labelled])))
    assert next(iter(rebuild([labelled], out, listing=listing))).startswith("3 of 3 posts")
    assert out.read_text(encoding="utf-8") == labelled.read_text(encoding="utf-8")
    texts.write_text("".join(json.dumps({"text": record["text"]}) + "\n" for record in MADE[1:]), encoding="utf-8")
    assert list(rebuild([texts], out, listing=listing)) == [f"2 of 3 posts rebuilt into {out}", "  missing: 1 of one"]
    assert [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()] == MADE[1:]


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "labelled.jsonl"
    path.write_text(json.dumps(MADE[0]) + "\n{}\n", encoding="utf-8")
    with pytest.raises(InputError, match="record 2"):
        packed(entries([path]))


def test_hashes_take_what_utf_8_cannot() -> None:
    assert text_hash("\ud83d") != text_hash("\ude80")


def test_corrections_name_passages_of_the_list_and_give_reasons() -> None:
    corrections = tomllib.loads(LISTING.with_name("corrections.toml").read_text(encoding="utf-8"))
    starts = {(str(entry["id"])[:8], passage["start"]) for entry in kept() for passage in entry["passages"]}
    for each in corrections["corrected"] + corrections["kept"]:
        assert (each["post"], each["start"]) in starts
        assert each["reason"]
    for each in corrections["corrected"]:
        assert each["kind"] in KINDS
        assert ("target" in each) == (each["kind"] in RECOMMENDATION_KINDS)


@pytest.mark.parametrize(("split", "kind"), [("enriched", "action"), ("natural", "sentiment_joke")])
def test_corrections_mend_what_is_trained_on_and_nothing_that_is_scored(split: str, kind: str) -> None:
    passages = (LabelledPassage(0, 78, "forecast"), LabelledPassage(80, 91, "sentiment_joke", unsure=True))
    mended = corrected(LabelledPost("66de593f", "made", split, "x" * 91, passages))
    assert mended.passages[0] == passages[0]
    assert (mended.passages[1].kind, mended.passages[1].end, mended.passages[1].unsure) == (kind, 91, True)


@pytest.mark.shared
def test_the_list_is_that_of_the_shared_posts(shared_folder: Path) -> None:
    assert packed(entries([shared_folder / "data" / "dev.jsonl"])) == LISTING.read_bytes()
