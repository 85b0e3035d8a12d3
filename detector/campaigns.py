"""Campaigns: the same pitch posted by several accounts, found while posts stream by.

Every flagged post is reduced to a sketch: the `SKETCH` smallest hashes of its word pairs (Broder 1997, "On the
resemblance and containment of documents"), exact for posts of up to that many pairs. The `KEYS` smallest of them
are looked up in a table; two pitches with resemblance r share one of these with probability 1 - (1 - r) ** KEYS.
A post joins the group whose first post it resembles most, else it starts one.

Memory: the table holds the `PITCHES` groups that were seen last, and all campaigns together list `NAMES_IN_ALL`
authors and posts: 50 MB at most. A campaign that has left the table stays in the result, but grows no more; when all
names are used up, no new one is found.
"""

from __future__ import annotations

import re
from array import array
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import pairwise

from detector.finding import Finding
from detector.post import Origin, Post

SKETCH = 64
KEYS = 16
PITCHES = 10_000
RESEMBLANCE = 0.3
FEWEST_PAIRS = 8  # shorter posts ("buy the dip!") are alike without any concert
LONGEST = 20_000  # characters looked at
AUTHORS = 2  # a pitch of one account alone is no campaign
NAMES = 50  # authors told apart in one campaign, and posts listed
NAMES_IN_ALL = 80_000
WORD = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Member:
    """A post of a campaign, with the spans (code points of its text) that were found in it."""

    post: str
    author: str
    origin: Origin
    spans: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Campaign:
    """Posts that make one pitch: all are counted, the first `NAMES` are listed. Holds no text."""

    id: str
    posts: int = 0
    authors: list[str] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)

    def add(self, member: Member) -> int:
        """List a post and its author, where there is room; how many names that added."""
        before = self.names
        if member.author not in self.authors and len(self.authors) < NAMES:
            self.authors.append(member.author)
        if len(self.members) < NAMES:
            self.members.append(member)
        return self.names - before

    @property
    def names(self) -> int:
        """How many authors and posts are listed."""
        return len(self.authors) + len(self.members)


class Campaigns:
    """Groups flagged posts that make the same pitch, within the memory that the constants above allow."""

    def __init__(self, *, pitches: int = PITCHES, names: int = NAMES_IN_ALL) -> None:
        self._pitches = pitches
        self._names_left = names
        self._groups: OrderedDict[int, tuple[array[int], Campaign]] = OrderedDict()
        self._table: dict[int, int] = {}
        self._found: dict[int, Campaign] = {}
        self._count = 0

    def found(self) -> list[Campaign]:
        """The campaigns, in the order in which they became one."""
        return list(self._found.values())

    def add(self, post: Post, findings: Sequence[Finding], *, aside: Iterable[tuple[int, int]] = ()) -> None:
        """Take a post into account; `aside` are stretches of its text that are no pitch (disclaimers)."""
        found = [finding for finding in findings if finding.kind is not None]
        if not found or not post.author:
            return
        pairs = word_pairs(own_words(post, aside))
        if len(pairs) >= FEWEST_PAIRS:
            spans = tuple((each.start, each.end) for each in found if each.field == "text")
            self._join(sketch(pairs), Member(post.id, post.author, post.origin, spans))

    def _join(self, made: array[int], member: Member) -> None:
        number = self._nearest(made)
        if number is None:
            number = self._start(made)
        self._groups.move_to_end(number)
        campaign = self._groups[number][1]
        campaign.posts += 1
        if self._names_left > 0:
            self._names_left -= campaign.add(member)
        if len(campaign.authors) >= AUTHORS:
            self._found[number] = campaign

    def _nearest(self, made: array[int]) -> int | None:
        candidates = dict.fromkeys(self._table[key] for key in made[:KEYS] if key in self._table)
        likeness = {number: resemblance(made, self._groups[number][0]) for number in candidates}
        best = max(likeness, key=likeness.__getitem__, default=None)
        return best if best is not None and likeness[best] >= RESEMBLANCE else None

    def _start(self, made: array[int]) -> int:
        self._count += 1
        self._groups[self._count] = made, Campaign(blake2b(repr(made).encode(), digest_size=8).hexdigest())
        self._table.update(dict.fromkeys(made[:KEYS], self._count))
        if len(self._groups) > self._pitches:
            self._forget()
        return self._count

    def _forget(self) -> None:
        """Let the group go that was seen longest ago."""
        number, (made, campaign) = self._groups.popitem(last=False)
        for key in made[:KEYS]:
            if self._table.get(key) == number:
                del self._table[key]
        if number not in self._found:
            self._names_left += campaign.names


def own_words(post: Post, aside: Iterable[tuple[int, int]] = ()) -> str:
    """The post's text without topic blocks, quotations and what else is to be left aside."""
    text, end = [], 0
    stretches = sorted([*aside, *((region.start, region.end) for region in post.regions)])
    for start, stop in stretches:
        text.append(post.text[end:start] if start > end else "")
        end = max(end, stop)
    return " ".join([*text, post.text[end:]])[:LONGEST]


def word_pairs(text: str) -> set[bytes]:
    """Pairs of neighbouring words, without case and punctuation."""
    words = WORD.findall(text.casefold())
    return {f"{first} {second}".encode() for first, second in pairwise(words)}


def sketch(pairs: Iterable[bytes]) -> array[int]:
    """The smallest hashes, in order."""
    hashes = (int.from_bytes(blake2b(pair, digest_size=8).digest()) for pair in pairs)
    return array("Q", sorted(hashes)[:SKETCH])


def resemblance(first: array[int], second: array[int]) -> float:
    """The share of word pairs that two posts have in common, of all that they have: estimated from sketches."""
    union = sorted({*first, *second})[:SKETCH]
    both = {*first} & {*second}
    return sum(each in both for each in union) / len(union)
