"""Words run together (`shouldbuyNVDAnow`, a whole sentence without spaces, `#DontSell`): where the spaces are missing.

A run of letters that is no word is taken apart into the likeliest words: dynamic programming over a list of English
words in the order of their frequency, by Zipf's law. It counts as glued only if known words and tickers fill it wholly
and look like a call to trade or a sentence (`_is_telling`); all else, such as the names of forums, stays as written.
"""

from __future__ import annotations

import gzip
import math
import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice, pairwise
from string import ascii_lowercase

from detector.view.draft import Edit

SHORTEST, LONGEST = 4, 240  # letters of a run: nobody reads a longer one, and it would take its time
LONGEST_WORD, LONGEST_TICKER = 15, 5
ALLOWED, EACH_LETTER = 6.0, 2.4  # negative log-likelihood, at most
LEAST = 4.0  # of any word
RARE, COMMON, CLITIC_COST = 2_500, 20_000, 3.0
TICKER_COST, AND_SMALL = 10.0, 4.0  # more if small letters follow: `SAVAHold` is no `SAVAH old`
FEW, SENTENCE = 3, 4  # letters of a word that has to be common; words
MOST_REMEMBERED = 1 << 15  # runs: bounds memory
_RUN = re.compile(rf"[A-Za-z]{{{SHORTEST},}}+")
_BESIDE_FIGURE = re.compile(r"\d(?:(?<=[A-Za-z]{3}\d)|(?=[A-Za-z]{3}))")
_LETTERS_BEFORE, _LETTERS_AFTER = re.compile(r"(?<![A-Za-z])[A-Za-z]+\Z"), re.compile(r"[A-Za-z]+")
# What stands between white space and has to be left as it is: links, addresses, names.
_ADDRESS = re.compile(r"://|www\.|@[A-Za-z]|[\\=_]|^/?[ru]/|\.(?:com|net|org|io|co|me|gg|xyz|finance)\b")
_NOT_SPACES_BEFORE = re.compile(r"(?<!\S)\S*\Z")
_NEAR = 100  # characters of a name
_BEHIND_APOSTROPHES = tuple((each, re.compile(rf"{each}(?<=[^\W\d_].)[A-Za-z]{{{SHORTEST}}}")) for each in "'’")
_CLITICS = frozenset(["s", "t", "d", "m", "ll", "re", "ve"])


@cache
def _ranks() -> dict[str, int]:
    """Each known word's place by frequency."""
    packed = files("detector.view").joinpath("words.txt.gz").read_bytes()
    words = gzip.decompress(packed).decode("ascii").split()
    return {word: rank for rank, word in enumerate(words)}


@cache
def _set(name: str) -> frozenset[str]:
    content = tomllib.loads(files("detector.view").joinpath("spelling.toml").read_text(encoding="utf-8"))
    return frozenset(content[name].split())


@cache
def _costs() -> dict[str, float]:
    """Negative log-likelihoods of the words that a run may be made of; what is short has to be common."""
    log_size = math.log(len(_ranks()))
    return {
        word: math.log((min(rank, RARE) if word in _set("words") else rank) + 8) + math.log(log_size)
        for word, rank in _ranks().items()
        if word in _set("words") or len(word) > FEW or (len(word) == FEW and rank <= RARE) or word in _set("short")
    }


@cache
def _small_costs() -> dict[str, float]:
    """Without the `i` that is a word as a capital only."""
    return {word: cost for word, cost in _costs().items() if word != "i"}


_plain: set[str] = set()  # runs that were looked at and hold no glued words


def glued_edits(text: str) -> Iterator[Edit]:
    """Edits that put the missing spaces into words run together, and between verbs of trading and figures."""
    places = {place for match in _BESIDE_FIGURE.finditer(text) for place in _beside_figure(text, match.start())}
    behind = [
        match.start() + 1
        for apostrophe, run in _BEHIND_APOSTROPHES
        if apostrophe in text
        for match in run.finditer(text)
    ]
    glued = {run for run in set(_RUN.findall(text)) - _plain if not _is_plain(run)}
    if glued or behind:
        for match in _RUN.finditer(text):
            start, run = match.start(), match.group()
            if run in glued or start in behind:
                places.update(start + joint for joint in joints(run, behind_apostrophe=start in behind))
    for place in sorted(places):
        if not _is_in_address(text, place):
            yield Edit(place - 1, place, text[place - 1] + " ")


def _is_in_address(text: str, place: int) -> bool:
    before, behind = _NOT_SPACES_BEFORE.search(text[max(0, place - _NEAR) : place]), text[place : place + _NEAR]
    return before is not None and _ADDRESS.search(before.group() + behind.split(maxsplit=1)[0]) is not None


def _beside_figure(text: str, at: int) -> Iterator[int]:
    """Where a verb of trading leans on a figure: `buy100`, `100shares`."""
    before = text[max(0, at - LONGEST_WORD) : at]
    if before.lower().endswith(_verbs()) and _closes(_LETTERS_BEFORE.findall(before)[0]):
        yield at
    behind = _LETTERS_AFTER.match(text, at + 1, at + 1 + LONGEST_WORD)
    if behind and behind.group().lower() in _set("verbs"):
        yield at + 1


@cache
def _verbs() -> tuple[str, ...]:
    return tuple(_set("verbs"))


def _closes(run: str) -> bool:
    ends = (0, *joints(run))
    return run[ends[-1] :].lower() in _set("verbs")


def _is_plain(run: str) -> bool:
    """Whether a run misses no space; remembers those that do not."""
    if run.lower() not in _ranks() and joints(run):
        return False
    if len(run) <= LONGEST:
        if len(_plain) >= MOST_REMEMBERED:
            _plain.clear()
        _plain.add(run)
    return True


@lru_cache(maxsize=1 << 12)
def joints(run: str, *, behind_apostrophe: bool = False) -> tuple[int, ...]:
    """Where spaces are missing in a run of letters; empty unless known words fill it wholly and tell something."""
    if len(run) > LONGEST or run.lower() in _ranks() or run.lower() in _set("compounds"):
        return ()
    ends = _likeliest(run, behind_apostrophe=behind_apostrophe)
    pieces = [run[start:end] for start, end in pairwise((0, *ends))]
    if behind_apostrophe and pieces and pieces[0].lower() in _CLITICS:
        return tuple(ends[:-1]) if _is_telling(pieces[1:]) else ()
    return tuple(ends[:-1]) if len(pieces) > 1 and _is_telling(pieces) and not _is_misspelt(run.lower()) else ()


def _is_misspelt(run: str) -> bool:
    """Whether one letter makes a common word of it: `solicitaton` is no `solicit at on`, nor `nota` a `not a`."""
    cuts = [(run[:at], run[at:]) for at in range(len(run) + 1)]
    longer = (f"{head}{letter}{tail}" for head, tail in cuts for letter in ascii_lowercase)
    other = (f"{head}{letter}{tail[1:]}" for head, tail in cuts if tail for letter in ascii_lowercase)
    return not (_common().isdisjoint(longer) and _common().isdisjoint(other))


@cache
def _common() -> frozenset[str]:
    return frozenset(islice(_ranks(), COMMON))


def _likeliest(run: str, *, behind_apostrophe: bool) -> list[int]:
    """The ends of the likeliest words that fill the run; empty if none do, or only unlikely ones."""
    best = (
        _in_any_letters(run, behind_apostrophe=behind_apostrophe)
        if behind_apostrophe or not run.islower()
        else _in_small_letters(run)
    )
    if best[-1][0] > ALLOWED + EACH_LETTER * len(run):
        return []
    ends = [len(run)]
    while ends[-1]:
        ends.append(best[ends[-1]][1])
    return ends[-2::-1]


def _in_small_letters(run: str) -> list[tuple[float, int]]:
    """For each end: the least cost of words up to there, and where the last of them starts. Most runs are such."""
    costs, nothing = _small_costs(), math.inf
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(run) + 1):
        least, origin = nothing, 0
        for start in range(max(0, end - LONGEST_WORD), end):
            cost = best[start][0]
            if cost + LEAST < least and (cost := cost + costs.get(run[start:end], nothing)) < least:
                least, origin = cost, start
        best.append((least, origin))
    return best


def _in_any_letters(run: str, *, behind_apostrophe: bool) -> list[tuple[float, int]]:
    """The same where capitals tell words and tickers apart, or where a clitic may come first."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(run) + 1):
        found = (math.inf, 0)
        for start in range(max(0, end - LONGEST_WORD), end):
            cost = best[start][0] + LEAST  # no word costs less: most starts need no look at the word
            if cost < found[0] and (cost := best[start][0] + _cost(run, start, end)) < found[0]:
                found = (cost, start)
        if behind_apostrophe and run[:end].lower() in _CLITICS:
            found = min(found, (CLITIC_COST, 0))
        best.append(found)
    return best


def _cost(run: str, start: int, end: int) -> float:
    """Of a word in its own letters, in capitals, or with a capital first; of a ticker, told by its capitals."""
    piece = run[start:end]
    if piece[1:].islower() or len(piece) == 1:
        return math.inf if piece == "i" else _costs().get(piece.lower(), math.inf)
    if not piece.isupper():
        return math.inf
    cost = _costs().get(piece.lower(), math.inf)
    return min(cost, TICKER_COST + AND_SMALL * run[end : end + 1].islower()) if _is_ticker(run, start, end) else cost


def _is_ticker(run: str, start: int, end: int) -> bool:
    """Capitals amid small letters (`buyNVDAnow`, `NVDACalls`), or behind a verb in capitals (`BUYNVDA`)."""
    if end - start > LONGEST_TICKER:
        return False
    if run.isupper():
        return end == len(run) and run[:start].lower() in _set("verbs")
    behind = run[end : end + 2]
    return not run[:start][-1:].isupper() and (not behind[:1].isupper() or behind[1:].islower())


def _is_telling(pieces: list[str]) -> bool:
    """Whether words make sense together: trading words among others, function words and tickers, or a sentence."""
    words = [piece.lower() for piece in pieces]
    functions = [word in _set("functions") for word in words]
    trading = any(word in _set("words") for word in words)
    if any(functions) and words[0] != "a" and (_has_ticker(pieces) or any(word in _set("matters") for word in words)):
        return True
    if "a" in words[1:] and words[words.index("a", 1) - 1] not in _set("functions") | _set("words"):
        return False
    if trading and (any(functions) or all(len(word) >= FEW for word in words) or _has_ticker(pieces)):
        return True
    if len(words) >= SENTENCE and sum(functions) > 1:
        return True
    return 2 * sum(functions) > len(words) >= FEW or all(functions)


def _has_ticker(pieces: list[str]) -> bool:
    return any(piece.isupper() and 1 < len(piece) <= LONGEST_TICKER for piece in pieces)
