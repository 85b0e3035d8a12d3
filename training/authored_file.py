"""The authored corpus as the package ships it: one compact file of labelled posts (`detector/authored.jsonl.gz`)."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from training.corpus import AUTHORED
from training.labelled import LabelledPost, read_authored_folder


def authored_file(folder: Path = AUTHORED) -> str:
    """JSON Lines in the format of `detector/labelled.py`."""
    return "".join(f"{json.dumps(_record(post), ensure_ascii=False)}\n" for post in read_authored_folder(folder))


def packed(lines: str) -> bytes:
    """The same bytes for the same lines."""
    return gzip.compress(lines.encode("utf-8"), 9, mtime=0)


def unpacked(data: bytes) -> str:
    """The lines of a packed file."""
    return gzip.decompress(data).decode("utf-8")


def _record(post: LabelledPost) -> dict[str, Any]:
    passages = []
    for one in post.passages:
        passage: dict[str, Any] = {"start": one.start, "end": one.end, "kind": one.kind}
        if one.target is not None:
            passage["target"] = one.target
        if one.unsure:
            passage["unsure"] = True
        passages.append(passage)
    return {"id": post.id, "dataset": post.dataset, "split": post.split, "text": post.text, "passages": passages}
