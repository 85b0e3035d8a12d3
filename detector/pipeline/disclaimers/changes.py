"""One stretch of a text laid beside one wording: every edit, in the text's own offsets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detector.pipeline.disclaimers import gaps
from detector.pipeline.disclaimers.align import Hunk
from detector.pipeline.disclaimers.change import Change
from detector.pipeline.disclaimers.embedding import lead_in, run_on
from detector.pipeline.disclaimers.hunks import class_of_hunk, is_hyphenated, parts
from detector.pipeline.disclaimers.lexicon import lexicon
from detector.pipeline.disclaimers.patterns import Pattern
from detector.pipeline.disclaimers.words import Words

TAIL_MARKS = 12
CLOSING = frozenset(".!?")


@dataclass(slots=True)
class Comparison:
    """`pattern` laid over words `first:last` of `words`; `hunks` count words of the text from its beginning.

    `values` fill its slots, `stub` is the end of a word that was cut in two, `begin` and `end` the view
    offsets before and behind all.
    """

    pattern: Pattern
    words: Words
    first: int
    last: int
    hunks: list[Hunk]
    values: dict[str, str]
    is_cut: bool = False
    stub: int = 0
    end: int = 0
    begin: int = -1

    @property
    def start(self) -> int:
        """View offset of the first word, or of the sentence that leads into it."""
        return self.words.starts[self.first] if self.begin < 0 else self.begin

    @property
    def kept(self) -> int:
        """Words of the wording that stand in the text, moved ones too."""
        return self.pattern.size - sum(hunk.expected_size for hunk in self.hunks if not hunk.moved)

    @property
    def score(self) -> int:
        """How close they are: words kept less words lost, added ones at half weight; what a cut took is no evidence."""
        hunks = self.hunks[:-1] if self.is_cut else self.hunks
        return 2 * self.kept - sum(2 * hunk.expected_size + hunk.found_size for hunk in hunks)

    def changes(self) -> list[Change]:
        """All edits of words and marks, in reading order; sets `begin` and `end`."""
        found = [*self._lead_changes(), *self._hunk_changes(), *self._gap_changes(), *self._tail_changes()]
        return sorted(found, key=lambda change: (change.start, change.end))

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Agreeing words: number in the wording, number in the text."""
        expected, found = 0, self.first
        for hunk in self.hunks:
            yield from zip(range(expected, hunk.expected_start), range(found, hunk.found_start), strict=True)
            expected, found = hunk.expected_end, hunk.found_end
        yield from zip(range(expected, self.pattern.size), range(found, self.last), strict=True)

    def _hunk_changes(self) -> Iterator[Change]:
        for hunk in self.hunks:
            if not hunk.found_size:
                yield from self._removal(hunk)
            elif not hunk.expected_size:
                yield from self._addition(hunk)
            else:
                yield from self._replacement(hunk)

    def _removal(self, hunk: Hunk) -> Iterator[Change]:
        """Words gone, with the mark that went along: the one behind them or the one before."""
        wording, words = self.pattern.words, self.words
        if self.is_cut and hunk is self.hunks[-1]:
            return
        edit_class, meaning = class_of_hunk(hunk, self.pattern, words)
        start, end = wording.starts[hunk.expected_start], wording.ends[hunk.expected_end - 1]
        behind = wording.behind(hunk.expected_end - 1)
        if hunk.found_start < self.last:
            at = words.starts[hunk.found_start]
        else:
            at = words.ends[self.last - 1]
            at += words.text[at : at + 1] in CLOSING
        if hunk.expected_start and hunk.found_start < self.last and hunk.found_start > self.first:
            before, now = wording.gap(hunk.expected_start - 1), words.gap(hunk.found_start - 1)
            if gaps.agree(behind, now) and not gaps.agree(before, now):
                lead = len(before) - len(before.lstrip())
                start, behind = wording.ends[hunk.expected_start - 1] + lead, ""
                at = words.ends[hunk.found_start - 1]
            elif not gaps.agree(before, now):
                yield from self._gap_change(before, hunk.found_start - 1)
        yield Change(edit_class, at, at, wording.text[start : end + len(behind.rstrip())], meaning)

    def _addition(self, hunk: Hunk) -> Iterator[Change]:
        wording, words = self.pattern.words, self.words
        edit_class, meaning = class_of_hunk(hunk, self.pattern, words)
        start, end = words.starts[hunk.found_start], words.ends[hunk.found_end - 1]
        if hunk.found_end == self.last:
            end += words.text[end : end + 1] in CLOSING
        elif not hunk.expected_start:
            end += len(words.gap(hunk.found_end - 1).rstrip())
        else:
            registered = wording.behind(hunk.expected_start - 1)
            before, behind = words.gap(hunk.found_start - 1), words.gap(hunk.found_end - 1)
            is_set_off = not gaps.bare(registered) and bool(gaps.bare(before))
            if is_set_off or (gaps.agree(registered, behind) and not gaps.agree(registered, before)):
                end += len(behind.rstrip()) if is_set_off else 0
                start = words.ends[hunk.found_start - 1] + len(before) - len(before.lstrip())
            else:
                end += len(behind.rstrip())
                if not gaps.agree(registered, before):
                    yield from self._gap_change(registered, hunk.found_start - 1)
        yield Change(edit_class, start, end, "", meaning)

    def _replacement(self, hunk: Hunk) -> Iterator[Change]:
        wording, words = self.pattern.words, self.words
        for part in parts(hunk, self.pattern, words):
            edit_class, meaning = class_of_hunk(part, self.pattern, words)
            start, end = words.starts[part.found_start], words.ends[part.found_end - 1]
            if edit_class == "typo" and is_hyphenated(part, self.pattern, words):
                continue
            expected = wording.text[wording.starts[part.expected_start] : wording.ends[part.expected_end - 1]]
            yield Change(edit_class, start, end, expected, meaning)
        if hunk.expected_start and hunk.found_start > self.first:
            yield from self._gap_change(wording.gap(hunk.expected_start - 1), hunk.found_start - 1)
        if hunk.expected_end < self.pattern.size and hunk.found_end < self.last:
            yield from self._gap_change(wording.gap(hunk.expected_end - 1), hunk.found_end - 1)

    def _gap_changes(self) -> Iterator[Change]:
        """Changed marks between agreeing words."""
        wording, text = self.pattern.gaps, self.words.text
        starts, ends = self.words.starts, self.words.ends
        last = (-2, -2)
        for pair in self.pairs():
            if pair == (last[0] + 1, last[1] + 1):
                registered = wording[last[0]]
                if text[ends[last[1]] : starts[pair[1]]] != registered:
                    yield from self._gap_change(registered, last[1])
            last = pair

    def _gap_change(self, registered: str, number: int) -> Iterator[Change]:
        now = self.words.gap(number)
        if gaps.agree(registered, now):
            return
        start, end = gaps.stripped(now, self.words.ends[number])
        if gaps.has_picture(now) and not gaps.has_picture(registered):
            yield Change("inserted", start, end, registered.strip(), False)  # noqa: FBT003
        else:
            yield Change("punctuation", start, end, registered.strip(), "?" in now)

    def _lead_changes(self) -> Iterator[Change]:
        """Words before the first one in the same sentence."""
        words, start = self.words, self.words.starts[self.first]
        if self.hunks and not self.hunks[0].expected_start:
            return
        lead = lead_in(words.text, start, self.pattern)
        if lead is not None:
            self.begin = lead.start
            yield lead

    def _tail_changes(self) -> Iterator[Change]:
        """The end: its marks, or the words that were cut off."""
        wording, words = self.pattern.words, self.words
        at = words.ends[self.last - 1]
        following = words.text[at : at + TAIL_MARKS]
        rest = wording.text[wording.ends[-1] :]
        if self.is_cut:
            yield self._cut_off(self.hunks[-1], at)
            return
        last = self.hunks[-1] if self.hunks else None
        if last and last.expected_end == self.pattern.size and not (last.expected_size and last.found_size):
            rest = following[:1] if following[:1] in CLOSING else ""
        else:
            more = run_on(words.text, at, self.pattern)
            if more is not None:
                yield more
                at = more.end
                following = words.text[at : at + TAIL_MARKS]
        marks = following[: len(following) - len(following.lstrip(" \t*_~`.,;:!?…)\"'”’"))]
        if gaps.bare(marks).startswith(gaps.bare(rest)):
            self.end = at + _length_holding(marks, gaps.bare(rest))
            return
        found = marks.split("\n")[0].rstrip()
        self.end = at + len(found)
        yield Change("punctuation", at, self.end, rest, "?" in found)

    def _cut_off(self, lost: Hunk, at: int) -> Change:
        """The words behind a cut, in exchange for its mark ("… see more") or for half a word."""
        wording, text = self.pattern.words, self.words.text
        start = wording.starts[lost.expected_start]
        before = wording.gap(lost.expected_start - 1) if lost.expected_start else ""
        self.end = lexicon().cut_end(text, max(at, self.stub)) or max(at, self.stub)
        if self.stub:
            at = self.words.starts[self.last]
        elif before.strip() and text.startswith(before.rstrip(), at) and not text.startswith("..", at):
            at += len(before.rstrip())
        elif before.strip():
            start = wording.ends[lost.expected_start - 1] + len(before) - len(before.lstrip())
        self.end = max(self.end, at)
        at += len(text[at : self.end]) - len(text[at : self.end].lstrip())
        edit_class, meaning = class_of_hunk(lost, self.pattern, self.words)
        is_clause = lost.expected_size > 1 or edit_class not in {"negation", "modal"}
        return Change("dropped" if is_clause else edit_class, at, self.end, wording.text[start:], meaning)


def _length_holding(marks: str, wanted: str) -> int:
    """How many characters of `marks` hold the `wanted` ones."""
    return next(length for length in range(len(marks) + 1) if gaps.bare(marks[:length]).startswith(wanted))
