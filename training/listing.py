"""Which public posts training used: source, record, content hash, offsets and labels, never a word of their text.

Whoever holds the texts can rebuild the labelled set from the list: texts are recognised by their hash.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from detector.errors import InputError

LISTING = Path(__file__).resolve().parent.parent / "corpora" / "public" / "posts.jsonl.gz"
FIELDS = ("id", "dataset", "source", "row", "split")
LABELS = ("start", "end", "kind", "target", "unsure")
HASH_DIGITS = 32


def text_hash(text: str) -> str:
    """The first half of the SHA-256 of a text as UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:HASH_DIGITS]


def entries(public: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """An entry a labelled post, in the order of the files. Raises `InputError`."""
    for path in public:
        for number, record in _records(path):
            try:
                yield _entry(record)
            except (KeyError, TypeError) as error:
                raise InputError(str(path), f"not a labelled post: {error!r}", record=number) from error


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield number, json.loads(line)
            except ValueError as error:
                raise InputError(str(path), f"not JSON: {error}", record=number) from error


def _entry(record: dict[str, Any]) -> dict[str, Any]:
    passages = [{name: one[name] for name in LABELS if name in one} for one in record["passages"]]
    return {
        **{name: record[name] for name in FIELDS},
        "characters": len(record["text"]),
        "sha256": text_hash(record["text"]),
        "passages": passages,
    }


def packed(listed: Iterable[dict[str, Any]]) -> bytes:
    """The list as it is kept: JSON Lines, compressed, the same bytes for the same entries."""
    lines = (json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n" for entry in listed)
    return gzip.compress("".join(lines).encode(), mtime=0)


def rebuild(texts: Iterable[Path], out: Path, *, listing: Path = LISTING) -> Iterator[str]:
    """Join the list with texts (JSON Lines with a field `text`) into a labelled file; yields what was found.

    The output has the list's order and is what `train` and `evaluate` read. Posts whose text is not there are
    counted by data set.
    """
    held = {text_hash(record["text"]): record["text"] for path in texts for _, record in _records(path)}
    found, missing = 0, Counter[str]()
    with out.open("w", encoding="utf-8") as file:
        for _, entry in _records(listing):
            text = held.get(entry["sha256"])
            if text is None:
                missing[entry["dataset"]] += 1
                continue
            found += 1
            record = {name: entry[name] for name in FIELDS} | {"text": text, "passages": entry["passages"]}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    yield f"{found:,} of {found + missing.total():,} posts rebuilt into {out}"
    for dataset, count in missing.most_common():
        yield f"  missing: {count:,} of {dataset}"
