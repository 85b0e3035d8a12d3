"""What a run checked and counted: the values that every report renders."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from detector.campaigns import Campaigns
from detector.errors import InputError
from detector.finding import Finding, Integrity, Severity
from detector.post import Post, Rejected
from detector.reading import DisclaimerReading
from detector.suppressions import Suppressed

REJECTIONS_KEPT = 1_000
REASONS_KEPT = 100  # of what is left out; exports write some of them themselves
OTHER_REASONS = "other reasons"
ID_DIGITS = 16
FindingGroup = tuple[str, str | None, Severity]
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Checked:
    """One post with all that was found in it; every offset is in the post's own fields.

    `abstained`: the post is in a language that the classifier does not judge. `score`: the highest probability
    that one of its passages is a recommendation, reported or not; None without a passage. `suppressed`: what the author
    let stand by a comment, where the policy honours those; it is no finding, and counted apart.
    """

    post: Post
    findings: tuple[Finding, ...] = ()
    disclaimers: tuple[DisclaimerReading, ...] = ()
    language: str = "en"
    abstained: bool = False
    score: float | None = None
    suppressed: tuple[Suppressed, ...] = ()

    @property
    def disclaimer(self) -> DisclaimerReading | None:
        """The one disclaimer that stands for the post: the worst that a rule complained about, else the
        one in best order (standard texts first)."""
        complaints = [finding for finding in self.findings if finding.integrity is not None]
        if complaints:
            return self.reading_of(max(complaints, key=_badness_of))
        return min(self.disclaimers, key=lambda each: (not each.standard, each.integrity.badness), default=None)

    def reading_of(self, finding: Finding) -> DisclaimerReading:
        """The reading that a complaint about a disclaimer speaks of, or one made of the complaint alone."""
        integrity = finding.integrity or Integrity.MISSING
        for reading in self.disclaimers:
            if reading.id == (finding.disclaimer or "") and reading.integrity is integrity:
                return reading
        return DisclaimerReading(
            finding.disclaimer or "", integrity, finding.start, finding.end, states=(integrity,), edits=finding.edits
        )


def _badness_of(finding: Finding) -> int:
    return -1 if finding.integrity is None else finding.integrity.badness


def text_checksum(text: str) -> str:
    """SHA-256 of the text as UTF-8; an unpaired surrogate counts as its three bytes."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def finding_id(finding: Finding, *, text_checksum: str, policy_checksum: str) -> str:
    """A stable id from rule, text, place and policy: the same in every run that says the same thing.

    It names what was found, not where it was filed: two posts with one text share it.
    """
    parts = (
        finding.rule,
        finding.disclaimer or "",
        finding.field,
        str(finding.start),
        str(finding.end),
        text_checksum,
        policy_checksum,
    )
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:ID_DIGITS]


@dataclass(frozen=True, slots=True)
class RuleNote:
    """What a report may say about a rule, whether or not it fired."""

    name: str
    summary: str
    why: str = ""
    source: str = ""


@dataclass(slots=True)
class FileCount:
    """What one input file gave."""

    sha256: str = ""
    posts: int = 0
    rejected: int = 0
    left_out: int = 0

    @property
    def records(self) -> int:
        """All that the file held."""
        return self.posts + self.rejected + self.left_out


@dataclass(slots=True)
class Tally:
    """The run's counts, kept while posts stream by; complete once the stream has ended.

    `records == posts + rejected + left_out` and `posts == flagged + clean + unjudged`, always. Memory
    grows with input files, rules, kinds, languages and disclaimers, not with posts; campaigns keep to their own bound.
    """

    posts: int = 0
    flagged: int = 0
    unjudged: int = 0
    rejected: int = 0
    left_out: int = 0
    suppressed: int = 0
    finished: str = ""
    interrupted: bool = False
    findings: Counter[FindingGroup] = field(default_factory=Counter)
    flagged_by: Counter[str] = field(default_factory=Counter)
    abstained: Counter[str] = field(default_factory=Counter)
    disclaimers: Counter[tuple[str, Integrity]] = field(default_factory=Counter)
    files: dict[str, FileCount] = field(default_factory=dict)
    rejections: list[Rejected] = field(default_factory=list)
    left_out_for: Counter[str] = field(default_factory=Counter)
    campaigns: Campaigns = field(default_factory=Campaigns, compare=False)

    @property
    def records(self) -> int:
        """All that the input files held."""
        return self.posts + self.rejected + self.left_out

    @property
    def clean(self) -> int:
        """Posts that were judged and have no finding."""
        return self.posts - self.flagged - self.unjudged

    def watch(self, stream: Iterable[Checked], *, clock: Callable[[], str]) -> Iterator[Checked]:
        """Pass the stream on, counting; `clock` says when it ended."""
        for checked in stream:
            self.add(checked)
            yield checked
        self.finished = clock()

    def add(self, checked: Checked) -> None:
        """Count one post."""
        self.posts += 1
        self.suppressed += len(checked.suppressed)
        self.file(checked.post.origin.file).posts += 1
        if checked.abstained:
            self.abstained[checked.language] += 1
            self.unjudged += not checked.findings
        if checked.findings:
            self.flagged += 1
            self.findings.update((each.rule, each.kind, each.severity) for each in checked.findings)
            self.flagged_by.update({each.rule for each in checked.findings})
        disclaimer = checked.disclaimer if checked.disclaimers or checked.findings else None
        if disclaimer is not None:
            self.disclaimers[disclaimer.id, disclaimer.integrity] += 1
        standing = disclaimer is not None and disclaimer.integrity is not Integrity.MISSING
        aside = [(disclaimer.start, disclaimer.end)] if disclaimer is not None and standing else []
        self.campaigns.add(checked.post, checked.findings, aside=aside)

    def reject(self, record: Rejected | InputError) -> None:
        """Count a record (or file) that became no post; the first `REJECTIONS_KEPT` unreadable ones,
        and whole files always, keep their reasons."""
        if isinstance(record, InputError):
            record = Rejected(record.file, record.record, record.reason, record.cure)
        count = self.file(record.file)
        if record.left_out:
            self.left_out += 1
            count.left_out += 1
            known = record.reason in self.left_out_for or len(self.left_out_for) < REASONS_KEPT
            self.left_out_for[record.reason if known else OTHER_REASONS] += 1
            return
        self.rejected += 1
        count.rejected += 1
        if len(self.rejections) < REJECTIONS_KEPT or record.record is None:  # a whole file decides the exit code
            self.rejections.append(record)

    def file(self, name: str) -> FileCount:
        """The count of one input file; asking for it lists the file, even if it gives no post."""
        count = self.files.get(name)
        if count is None:
            count = self.files[name] = FileCount()
        return count

    def by_rule(self) -> Counter[str]:
        """Findings by rule."""
        return self._by(lambda key: key[0])

    def by_kind(self) -> Counter[str]:
        """Findings by kind; those without one (disclaimers) are left out."""
        return self._by(lambda key: key[1])

    def by_severity(self) -> Counter[Severity]:
        """Findings by severity."""
        return self._by(lambda key: key[2])

    def _by(self, part: Callable[[FindingGroup], Key | None]) -> Counter[Key]:
        counts: Counter[Key] = Counter()
        for key, number in self.findings.items():
            name = part(key)
            if name is not None:
                counts[name] += number
        return counts


@dataclass(frozen=True, slots=True)
class Run:
    """What made a report: versions, checksums, thresholds, and the tally that fills while it streams.

    `started` (and `tally.finished`) are ISO 8601 texts that the caller gives, so that tests and
    re-runs can fix them.
    """

    version: str
    model_checksum: str
    policy: str
    policy_checksum: str
    started: str
    package_checksum: str = ""
    thresholds: Mapping[str, float] = field(default_factory=dict)
    rules: tuple[RuleNote, ...] = ()
    tally: Tally = field(default_factory=Tally)
