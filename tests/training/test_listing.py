"""The listing of public posts holds no words, and gives the labelled set back to whoever has the texts."""

import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from detector.labelled import read_public
from training.__main__ import app
from training.listing import CORRECTIONS, LISTING, corrections, listing, packed, rebuild, unpacked

POSTS = [
    {
        "id": f"p{number}", "dataset": "d", "source": "s", "row": number, "split": "natural", "text": text,
        "passages": [
            {"start": 0, "end": 5, "kind": "action", "target": "instrument"},
            {"start": 6, "end": 9, "kind": "other", "unsure": True},
        ],
    }
    for number, text in enumerate(("Buy 🚀. Now", "Sell. Or"))
]  # fmt: skip


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "dev.jsonl"
    path.write_text("".join(json.dumps(post) + "\n" for post in POSTS), encoding="utf-8")
    return path


def test_a_listing_holds_no_words(labelled: Path) -> None:
    lines = listing(labelled)
    assert all(post["text"] not in lines for post in POSTS)
    assert {key for line in lines.splitlines() for key in json.loads(line)} == {
        "id", "dataset", "source", "row", "split", "sha256", "passages",
    }  # fmt: skip


def test_texts_in_any_order_give_the_labelled_posts_back(labelled: Path, tmp_path: Path) -> None:
    listed, texts, out = tmp_path / "listing.jsonl.gz", tmp_path / "texts.jsonl.gz", tmp_path / "out.jsonl"
    listed.write_bytes(packed(listing(labelled)))
    texts.write_bytes(gzip.compress("\n".join(json.dumps({"text": post["text"]}) for post in POSTS[::-1]).encode()))
    done = CliRunner().invoke(app, ["rebuild", str(listed), str(texts), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert list(read_public(out)) == list(read_public(labelled))


def test_what_is_missing_is_named_and_what_is_corrected_is_changed(labelled: Path, tmp_path: Path) -> None:
    listed, texts = tmp_path / "listing.jsonl.gz", tmp_path / "texts.jsonl"
    listed.write_bytes(packed(listing(labelled)))
    texts.write_text(json.dumps({"text": POSTS[0]["text"]}) + "\n" + json.dumps({"text": "edited since"}))
    rebuilt = rebuild(listed, [texts], fixes={("p0", 6): ("question", None)})
    assert rebuilt.missing == ("p1",)
    assert [one["kind"] for one in rebuilt.posts[0]["passages"]] == ["action", "question"]
    done = CliRunner().invoke(app, ["rebuild", str(listed), str(texts), "--out", str(tmp_path / "out.jsonl")])
    assert done.exit_code == 1
    assert "missing: p1" in done.output


def test_the_committed_listing_has_hashes_and_labels_only() -> None:
    for line in unpacked(LISTING.read_bytes()).splitlines():
        record = json.loads(line)
        assert set(record) == {"id", "dataset", "source", "row", "split", "sha256", "passages"}
        assert all(len(label) == 5 for label in record["passages"])


def test_corrections_name_listed_passages_and_give_reasons() -> None:
    listed = {
        (record["id"], label[0])
        for record in map(json.loads, unpacked(LISTING.read_bytes()).splitlines())
        for label in record["passages"]
    }
    assert set(corrections()) <= listed
    text = CORRECTIONS.read_text(encoding="utf-8")
    assert text.count("reason = ") == text.count("[[")


@pytest.mark.shared
def test_the_committed_listing_is_what_the_labelled_posts_give(shared_folder: Path) -> None:
    assert unpacked(LISTING.read_bytes()) == listing(shared_folder / "data/dev.jsonl")
