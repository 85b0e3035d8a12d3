"""Words run together (`shouldbuyNVDAnow`, a whole sentence without spaces, `#DontSell`): where the spaces are missing.

A run of letters that is no word is taken apart into the likeliest words: dynamic programming over a list of English
words in the order of their frequency, by Zipf's law. It counts as glued only if known words and tickers fill it wholly
and look like a call to trade or a sentence (`_is_telling`); all else, such as the names of forums, stays as written.
"""

from __future__ import annotations

import gzip
import math
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice, pairwise
from string import ascii_lowercase

from detector import compiled
from detector.view.draft import Edit
from detector.view.lists import listed

SHORTEST, LONGEST = 4, 240  # letters of a run: nobody reads a longer one, and it would take its time
LONGEST_WORD, LONGEST_TICKER = 15, 5
ALLOWED, EACH_LETTER = 6.0, 2.4  # negative log-likelihood, at most
LEAST = 4.0  # of any word
RARE, COMMON, CLITIC_COST = 2_500, 20_000, 3.0
TICKER_COST, AND_SMALL = 10.0, 4.0  # more if small letters follow: `SAVAHold` is no `SAVAH old`
FEW, SENTENCE = 3, 4  # letters of a word that has to be common; words
MOST_REMEMBERED = 1 << 16  # runs: bounds memory
_RUN = re.compile(rf"[A-Za-z]{{{SHORTEST},}}+")
_BESIDE_FIGURE = re.compile(r"\d(?:(?<=[A-Za-z]{3}\d)|(?=[A-Za-z]{3}))")
_LETTERS_BEFORE, _LETTERS_AFTER = re.compile(r"(?<![A-Za-z])[A-Za-z]+\Z"), re.compile(r"[A-Za-z]+")
# What stands between white space and has to be left as it is: links, addresses, names.
_ADDRESS = re.compile(r"://|www\.|@[A-Za-z]|[\\=_]|^/?[ru]/|\.(?:com|net|org|io|co|me|gg|xyz|finance)\b")
_NOT_SPACES_BEFORE = re.compile(r"(?<!\S)\S*\Z")
_NEAR = 100  # characters of a name
_BEHIND_DOLLAR = re.compile(rf"\$([A-Za-z]{{{SHORTEST + 1},{LONGEST}}}+)")
_PAIR = re.compile("(?:USD|EUR|GBP|JPY|CAD|AUD|NZD|CHF|XAU|XAG|BTC|ETH){2}")  # of currencies: longer than a ticker
_BEHIND_APOSTROPHES = tuple((each, re.compile(rf"{each}(?<=[^\W\d_].)[A-Za-z]{{{SHORTEST}}}")) for each in "'’")
_CLITICS = frozenset(["s", "t", "d", "m", "ll", "re", "ve"])


@cache
def _ranks() -> dict[str, int]:
    """Each known word's place by frequency."""
    packed = files("detector.view").joinpath("words.txt.gz").read_bytes()
    words = gzip.decompress(packed).decode("ascii").split()
    return {word: rank for rank, word in enumerate(words)}


@cache
def _costs() -> dict[str, float]:
    """Negative log-likelihoods of the words that a run may be made of; what is short has to be common."""
    trading, short, of_all = listed("words"), listed("short"), math.log(math.log(len(_ranks())))
    return {
        word: math.log((min(rank, RARE) if word in trading else rank) + 8) + of_all
        for word, rank in _ranks().items()
        if len(word) > FEW or word in trading or (len(word) == FEW and rank <= RARE) or word in short
    }


@cache
def _small_costs() -> dict[str, float]:
    """Without the `i` that is a word as a capital only."""
    return {word: cost for word, cost in _costs().items() if word != "i"}


_plain: set[str] = set()  # runs that were looked at and hold no glued words


def glued_edits(text: str) -> Iterator[Edit]:
    """Edits that put the missing spaces into words run together, and between verbs of trading and figures."""
    scans, places = compiled.scans, set[int]()
    if scans is None or scans.has_beside_figure(text):
        places = {place for match in _BESIDE_FIGURE.finditer(text) for place in _beside_figure(text, match.start())}
    behind = [
        match.start() + 1
        for apostrophe, run in _BEHIND_APOSTROPHES
        if apostrophe in text
        for match in run.finditer(text)
    ]
    unknown = set(_RUN.findall(text)) - _plain if scans is None else scans.runs(text, _plain, SHORTEST)
    glued = {run for run in unknown if not _is_plain(run)}
    if glued or behind:
        for match in _RUN.finditer(text):
            start, run = match.start(), match.group()
            if run in glued or start in behind:
                places.update(start + joint for joint in joints(run, behind_apostrophe=start in behind))
    for match in _BEHIND_DOLLAR.finditer(text) if "$" in text else ():
        places.update(match.start(1) + joint for joint in _behind_ticker(match[1]))
    for place in sorted(places):
        if not _is_in_address(text, place):
            yield Edit(place - 1, place, text[place - 1] + " ")


def _is_in_address(text: str, place: int) -> bool:
    before, behind = _NOT_SPACES_BEFORE.search(text[max(0, place - _NEAR) : place]), text[place : place + _NEAR]
    return before is not None and _ADDRESS.search(before.group() + behind.split(maxsplit=1)[0]) is not None


def _beside_figure(text: str, at: int) -> Iterator[int]:
    """Where a verb of trading leans on a figure: `buy100`, `100shares`."""
    before = text[max(0, at - LONGEST_WORD) : at]
    if before.lower().endswith(_figured()) and _closes(before):
        yield at
    behind = _LETTERS_AFTER.match(text, at + 1, at + 1 + LONGEST_WORD)
    if behind:
        run = behind.group()
        first = next(iter(joints(run)), len(run))
        if run[:first].lower() in listed("verbs"):
            yield at + 1


@cache
def _figured() -> tuple[str, ...]:
    return tuple(listed("verbs") | listed("figured"))


def _closes(before: str) -> bool:
    """Whether the letters at the end of `before` are such a word, or end with one that is run together with others."""
    run = _LETTERS_BEFORE.findall(before)[0]
    ends = (0, *(_behind_ticker(run) if before[: -len(run)].endswith("$") else joints(run)))
    return run[ends[-1] :].lower() in _figured()


@lru_cache(maxsize=1 << 10)
def _behind_ticker(run: str) -> tuple[int, ...]:
    """Where spaces are missing in a cashtag that words lean on: `$XOMbuyat`, `$NVDALONG`."""
    for end in range(min(LONGEST_TICKER, len(run) - FEW), 0, -1):
        ticker, rest = run[:end], run[end:]
        if ticker.isupper() and not run.islower():
            inner = joints(rest)
            first = rest[: inner[0]] if inner else rest
            if first.lower() in listed("verbs") | {"long"}:
                return (end, *(end + joint for joint in inner))
    return ()


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
    if len(run) > LONGEST or run.lower() in _ranks() or run.lower() in listed("compounds"):
        return ()
    ends = _likeliest(run, behind_apostrophe=behind_apostrophe)
    pieces = [run[start:end] for start, end in pairwise((0, *ends))]
    if behind_apostrophe and pieces and pieces[0].lower() in _CLITICS:
        return tuple(ends[:-1]) if _is_telling(pieces[1:]) else ()
    if len(pieces) < 2 or not _is_telling(pieces):  # noqa: PLR2004
        return ()
    return tuple(ends[:-1]) if _is_a_call(pieces) or not _is_misspelt(run.lower()) else ()


def _is_a_call(pieces: list[str]) -> bool:
    """A verb of trading among function words (`holdand`, `aBUY`): no misspelt word, though one letter away from one."""
    words = [piece.lower() for piece in pieces]
    others = [word for word in words if word not in listed("verbs")]
    if len(others) == len(words) or not listed("functions").issuperset(others):
        return False
    if words[0] == "a":
        return pieces[1].isupper()
    return words[-1] != "in" or words[-2] == "invest"


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
    best = _in_any_letters(run, behind_apostrophe=True) if behind_apostrophe else _in_own_letters(run)
    if best[-1][0] > ALLOWED + EACH_LETTER * len(run):
        return []
    ends = [len(run)]
    while ends[-1]:
        ends.append(best[ends[-1]][1])
    return ends[-2::-1]


def _in_own_letters(run: str) -> list[tuple[float, int]]:
    """For each end: the least cost of words up to there, and where the last of them starts.

    Most runs are of small letters but for the first: then capitals tell nothing.
    """
    if not run[1:].islower():
        return _in_any_letters(run, behind_apostrophe=False)
    first, others = _small_costs() if run.islower() else _costs(), _small_costs()
    small, size = run.lower(), len(run)
    best = [(0.0, 0)] + [(math.inf, 0)] * size
    for start in range(size):
        least = best[start][0]
        if least < math.inf:
            costs = others if start else first
            for end in range(start + 1, min(size, start + LONGEST_WORD) + 1):
                cost = costs.get(small[start:end])
                if cost is not None and least + cost < best[end][0]:
                    best[end] = (least + cost, start)
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
    if end - start > LONGEST_TICKER and not _PAIR.fullmatch(run, start, end):
        return False
    if run.isupper():
        return end == len(run) and run[:start].lower() in listed("verbs")
    behind = run[end : end + 2]
    return not run[:start][-1:].isupper() and (not behind[:1].isupper() or behind[1:].islower())


def _is_telling(pieces: list[str]) -> bool:
    """Whether words make sense together: trading words among others, function words and tickers, or a sentence."""
    words = [piece.lower() for piece in pieces]
    functions = [word in listed("functions") for word in words]
    trading = any(word in listed("words") for word in words)
    if any(functions) and words[0] != "a" and (_has_ticker(pieces) or any(word in listed("matters") for word in words)):
        return True
    if "a" in words[1:] and words[words.index("a", 1) - 1] not in listed("functions") | listed("words"):
        return False
    if trading and (any(functions) or all(len(word) >= FEW for word in words) or _has_ticker(pieces)):
        return True
    if len(words) >= SENTENCE and sum(functions) > 1:
        return True
    return 2 * sum(functions) > len(words) >= FEW or all(functions)


def _has_ticker(pieces: list[str]) -> bool:
    return any(
        piece.isupper() and (1 < len(piece) <= LONGEST_TICKER or _PAIR.fullmatch(piece) is not None) for piece in pieces
    )
