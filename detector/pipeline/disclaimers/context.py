"""What stands around a disclaimer: quotation, and words that take it back."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from detector.pipeline.disclaimers.lexicon import lexicon
from detector.pipeline.disclaimers.words import split_words
from detector.post import Region

Span = tuple[int, int]

BESIDE = 1000  # characters from the disclaimer within which a denial speaks of it
CLAUSE = 50
LONGEST = 100  # characters of a denial before or behind the word that it cannot do without
MARKUP = 80
NOT_THE_AUTHOR = frozenset({"quote", "signature", "topic"})
_QUOTATIONS = re.compile(
    r"^[ \t]*>[^\n]*(?:\n[ \t]*>[^\n]*)*"
    r"|^ {0,3}```[^\n]*\n.*?(?:^ {0,3}```|\Z)|^ {0,3}~~~[^\n]*\n.*?(?:^ {0,3}~~~|\Z)"
    r"|\[(?P<bb>quote|code)\b[^\]\n]*\].*?(?:\[/(?P=bb)\]|\Z)"
    r"|<(?P<tag>blockquote|pre|code|q)\b[^<>]*>.*?(?:</(?P=tag)\s*>|\Z)"
    r"|^--[ ]?\n.*\Z",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
_QUOTING = (">", "```", "~~~", "[", "\n--")
_OPENING, _CLOSING = '"“”„«‘`', '"”“»’`'
_INLINE = "(?:q|code|kbd|samp|cite)"
_SET_APART = re.compile(rf"(?:<{_INLINE}\b[^<>]*>|`)\s*(?:<[^<>/]*>\s*|[*_]+)*\Z", re.IGNORECASE)
_SET_BACK = re.compile(rf"\s*(?:</(?!{_INLINE}\b)[^<>]*>\s*|[*_]+)*(?:</{_INLINE}\s*>|`)", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[.!?,;:()\n–—]")


def quotations(text: str, regions: Iterable[Region]) -> list[Span]:
    """Stretches that are not the author speaking: quotes, code, signatures, other people's regions."""
    may_quote = any(sign in text for sign in _QUOTING) or text.startswith("--")
    spans = [match.span() for match in _QUOTATIONS.finditer(text)] if may_quote else []
    return sorted([*spans, *((region.start, region.end) for region in regions if region.role in NOT_THE_AUTHOR)])


def is_quoted(text: str, start: int, end: int, quoted: Sequence[Span]) -> bool:
    """Whether `start:end` lies in one of `quoted`, or in quotation marks that hold just it."""
    after = bisect_right(quoted, (start, len(text)))
    if any(low <= start and end <= high for low, high in quoted[max(0, after - 3) : after]):
        return True
    before, behind = text[start - 1 : start], text[end : end + 1]
    return bool(before) and before in _OPENING and bool(behind) and behind in _CLOSING


def is_set_apart(source: str, start: int, end: int) -> bool:
    """Whether the markup right around `start:end` of the source says quotation or code."""
    opening = _SET_APART.search(source, max(0, start - MARKUP), start)
    return opening is not None and _SET_BACK.match(source, end) is not None


def denials(text: str, said: Sequence[Span], quoted: Sequence[Span], own: Sequence[re.Pattern[str]]) -> list[Span]:
    """Where the author takes a disclaimer back, near the disclaimers that stand at `said` (sorted).

    `own` are that disclaimer's own denials; what begins in one of `quoted` (sorted) does not count.
    """
    return sorted(
        span
        for low, high in _beside(said, len(text))
        for span in _denials_in(text, low, high, own)
        if not _within(span[0], quoted) and not _is_negated(text, span[0])
    )


def _beside(said: Sequence[Span], length: int) -> Iterator[Span]:
    """The stretches before, between and behind disclaimers, as far as they are beside one."""
    last = 0
    for start, end in [*said, (length, length)]:
        if start - last <= 2 * BESIDE:
            yield last, start
        else:
            yield last, last + BESIDE
            yield start - BESIDE, start
        last = max(last, end)


def _denials_in(text: str, low: int, high: int, own: Sequence[re.Pattern[str]]) -> Iterator[Span]:
    stretch = text[low:high].lower()
    present = [word for word in lexicon().denial_words if word in stretch]
    places = {word: [match.start() for match in re.finditer(re.escape(word), stretch)] for word in present}
    for words, pattern in lexicon().denials:
        if not places.keys().isdisjoint(words):
            for start, end in _around(sorted(at for word in words for at in places.get(word, ()))):
                yield from (match.span() for match in pattern.finditer(text, low + start, min(high, low + end)))
    for pattern in own:
        yield from (match.span() for match in pattern.finditer(text, low, high))


def _around(places: Iterable[int]) -> Iterator[Span]:
    """The surroundings of `places` (in order), in which a pattern that holds a word there may match."""
    start = end = -1
    for at in places:
        if at > end:
            if end >= 0:
                yield start, end
            start = max(0, at - LONGEST)
        end = at + LONGEST
    if end >= 0:
        yield start, end


def denial_beside(text: str, start: int, end: int, denied: Sequence[Span]) -> Span | None:
    """The denial that speaks of the disclaimer at `start:end`: close to it, or a retort right behind it."""
    retort = lexicon().retorts.match(text, end)
    if retort is not None:
        return retort.span()
    first = bisect_left(denied, (start - BESIDE, 0))
    return denied[first] if first < len(denied) and denied[first][0] <= end + BESIDE else None


def _within(at: int, spans: Sequence[Span]) -> bool:
    before = bisect_right(spans, (at, 1 << 60))
    return any(low <= at < high for low, high in spans[max(0, before - 3) : before])


def _is_negated(text: str, at: int) -> bool:
    """Whether a negation or a condition stands before it in the same clause."""
    clause = _CLAUSE_END.split(text[max(0, at - CLAUSE) : at])[-1]
    words = split_words(clause).folded
    return any(word in lexicon().negators or word.endswith("n't") or word in {"if", "whether"} for word in words)
