"""Our own authored text format, read as the same labelled posts as the public JSON Lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from detector.errors import InputError
from detector.labelled import UNLABELLED, LabelledPassage, LabelledPost, known_kind, read_public
from detector.reading import RECOMMENDATION_KINDS, TARGETS

__all__ = ["UNLABELLED", "LabelledPassage", "LabelledPost", "read_authored", "read_authored_folder", "read_public"]


def read_authored(path: Path) -> Iterator[LabelledPost]:
    """Read one authored corpus file (format: `corpora/README.md`). Raises `InputError`."""
    header: dict[str, str] = {}
    lines: list[tuple[int, str]] = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("@ "):
            if lines:
                yield _authored_post(path, header, lines)
            header, lines = dict(part.split("=", 1) for part in line[2:].split()), []
            if "id" not in header:
                raise InputError(str(path), "a post header needs id=", record=number)
        else:
            lines.append((number, line))
    if lines:
        yield _authored_post(path, header, lines)


def _authored_post(path: Path, header: dict[str, str], lines: Iterable[tuple[int, str]]) -> LabelledPost:
    text, gap, passages = "", "", []
    for number, line in lines:
        if line in ("/", "//"):
            gap = "\n" * len(line)
            continue
        label, colon, words = line.partition(": ")
        if not colon:
            raise InputError(str(path), "a passage line is `kind [target] [?]: text`", record=number)
        start = len(text) + len(gap)
        text += gap + words.strip()
        passages.append(_authored_passage(path, number, label, start, len(text)))
        gap = " "
    dataset = header.get("set", path.stem)
    return LabelledPost(header["id"], f"authored_{dataset}", "authored", text, tuple(passages), header.get("note", ""))


def _authored_passage(path: Path, number: int, label: str, start: int, end: int) -> LabelledPassage:
    words = label.split()
    unsure = words[-1] == "?"
    kind, target = words[0], (words[1] if len(words) > 1 and words[1] != "?" else None)
    try:
        known_kind(kind)
    except ValueError as error:
        raise InputError(str(path), str(error), record=number) from error
    if (target is not None and target not in TARGETS) or ((target is None) == (kind in RECOMMENDATION_KINDS)):
        raise InputError(str(path), f"{label!r}: recommendations, and only they, take one of {TARGETS}", record=number)
    return LabelledPassage(start, end, kind, target, unsure)


def read_authored_folder(folder: Path) -> Iterator[LabelledPost]:
    """Read every `*.txt` of an authored corpus, in name order."""
    for path in sorted(folder.glob("*.txt")):
        yield from read_authored(path)
