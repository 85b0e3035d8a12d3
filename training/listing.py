"""Public posts as the repository lists them: source, record, content hash, offsets and labels, never their words.

`corpora/public/listing.jsonl.gz` has a line a post. Whoever has the texts rebuilds the labelled set from it: texts are
joined by the first 128 bits of the SHA-256 of their UTF-8 bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detector.errors import InputError
from detector.labelled import known_kind

PUBLIC = Path(__file__).resolve().parent.parent / "corpora" / "public"
LISTING, CORRECTIONS = PUBLIC / "listing.jsonl.gz", PUBLIC / "corrections.toml"
FIELDS = ("id", "dataset", "source", "row", "split")  # of a labelled post: all but its words
DIGITS = 32  # of the hash
Fixes = dict[tuple[str, int], tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A labelled set made from a listing and texts, and the ids whose text was not among them."""

    posts: tuple[dict[str, Any], ...]
    missing: tuple[str, ...]


def listing(file: Path) -> str:
    """The listing of a file of labelled posts, a line each."""
    with file.open(encoding="utf-8") as lines:
        return "".join(f"{json.dumps(_listed(json.loads(line)), ensure_ascii=False)}\n" for line in lines)


def _listed(post: dict[str, Any]) -> dict[str, Any]:
    labels = [
        [one["start"], one["end"], one["kind"], one.get("target"), int(bool(one.get("unsure")))]
        for one in post["passages"]
    ]
    return {name: post[name] for name in FIELDS} | {"sha256": content_hash(post["text"]), "passages": labels}


def content_hash(text: str) -> str:
    """What a text is joined by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]


def packed(lines: str) -> bytes:
    """The same bytes for the same lines."""
    return gzip.compress(lines.encode("utf-8"), 9, mtime=0)


def unpacked(data: bytes) -> str:
    """The lines of a packed listing."""
    return gzip.decompress(data).decode("utf-8")


def rebuild(listed: Path, texts: Iterable[Path], *, fixes: Fixes | None = None) -> Rebuilt:
    """Labelled posts (the format of `detector/labelled.py`) from a listing and the files that hold the texts.

    `fixes` are corrections of labels: for training sides, never for scored ones.
    """
    by_hash = {content_hash(text): text for path in texts for text in _texts(path)}
    posts, missing = [], []
    for line in unpacked(listed.read_bytes()).splitlines():
        record = json.loads(line)
        text = by_hash.get(record.pop("sha256"))
        if text is None:
            missing.append(record["id"])
        else:
            passages = [_passage(label, (fixes or {}).get((record["id"], label[0]))) for label in record["passages"]]
            posts.append(record | {"text": text, "passages": passages})
    return Rebuilt(tuple(posts), tuple(missing))


def _texts(path: Path) -> Iterator[str]:
    """The field `text` of every line of a JSON Lines file, packed or not. Raises `InputError`."""
    data = path.read_bytes()
    lines = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        try:
            yield json.loads(line)["text"]
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(str(path), f"no JSON object with a text: {error!r}", record=number) from error


def _passage(label: list[Any], fix: tuple[str, str | None] | None) -> dict[str, Any]:
    start, end, kind, target, unsure = label
    kind, target, unsure = (*fix, False) if fix else (kind, target, unsure)
    passage: dict[str, Any] = {"start": start, "end": end, "kind": kind}
    if target is not None:
        passage["target"] = target
    return passage | ({"unsure": True} if unsure else {})


def corrections(path: Path = CORRECTIONS) -> Fixes:
    """Corrected kind and target by post id and passage start. Raises `ValueError` for unknown kinds."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["correction"]
    return {(each["id"], each["start"]): (known_kind(each["kind"]), each.get("target")) for each in entries}
