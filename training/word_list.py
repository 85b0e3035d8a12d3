"""The word list of `detector/view`: English words, most frequent first, by which words run together are told apart.

Words and their order are those of SymSpell's English dictionary (MIT licence; frequencies of Google Books n-grams,
CC BY 3.0, for words of SCOWL), which the package `symspellpy` brings. Words of our own lists and authored posts that it
lacks come in as common ones. No public post has any part in it.
"""

from __future__ import annotations

import gzip
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from training.labelled import read_authored_folder

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "detector/view/words.txt.gz"
DICTIONARY = "frequency_dictionary_en_82_765.txt"
OWN_RANK = 2_000  # where words that the dictionary lacks come in: common, as they are our subject
OFTEN = 3  # authored posts that hold a word before it counts as one
MOST = 50_000  # words of the dictionary: the rarer ones are no forum words
_WORD = re.compile(r"[a-z]{2,}")
_LONE = {"a", "i"}
GLUED = {
    "coinname",
    "buyzone",
    "letsgo",
    "signedup",
    "signingup",
}  # in our lists as people write them, and yet two words


def word_list() -> str:
    """One word a line, most frequent first."""
    ranked = [word for word in _dictionary() if word in _LONE or _WORD.fullmatch(word)]
    known = {*ranked, *GLUED}
    own = [word for word in dict.fromkeys(_own_words()) if word not in known]
    return "\n".join([*ranked[:OWN_RANK], *own, *ranked[OWN_RANK:MOST]]) + "\n"


def packed(words: str) -> bytes:
    """The list as it ships: the same bytes for the same words."""
    return gzip.compress(words.encode("ascii"), 9, mtime=0)


def unpacked(data: bytes) -> str:
    """The words of a packed list."""
    return gzip.decompress(data).decode("ascii")


def _dictionary() -> list[str]:
    lines = files("symspellpy").joinpath(DICTIONARY).read_text(encoding="utf-8-sig").splitlines()
    return [word for word, _ in sorted((_counted(line) for line in lines), key=lambda each: -each[1])]


def _counted(line: str) -> tuple[str, int]:
    word, count = line.split()
    return word, int(count)


def _own_words() -> Iterator[str]:
    spelling = tomllib.loads((ROOT / "detector/view/spelling.toml").read_text(encoding="utf-8"))
    yield from sorted(set(_WORD.findall(spelling["words"] + spelling["known"])))
    words = tomllib.loads((ROOT / "detector/pipeline/words.toml").read_text(encoding="utf-8"))
    yield from sorted({word for text in _strings(words) for word in text.lower().split() if _WORD.fullmatch(word)})
    posts = Counter(
        word
        for post in read_authored_folder(ROOT / "corpora/authored")
        for word in set(re.findall(r"(?<![\w$#@'’])[a-z]{3,}(?![\w'’])", post.text))
    )
    yield from sorted(word for word, count in posts.items() if count >= OFTEN)


def _strings(value: object) -> Iterable[str]:
    """Every string in parsed TOML, but for keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
