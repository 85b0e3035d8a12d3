"""Keeps the worst of a stream within a stated room, so that memory does not grow with the export."""

from __future__ import annotations

import heapq

from detector.checked import Checked
from detector.finding import Finding

Rank = tuple[int, float, int]


def rank_of(finding: Finding) -> tuple[int, float]:
    """How much a finding wants reading first: by severity, then by how sure it is (or how bad)."""
    if finding.probability is not None:
        return finding.severity, finding.probability
    return finding.severity, finding.integrity.badness / 10 if finding.integrity else 0.0


def rank_of_post(checked: Checked) -> Rank:
    """The rank of a post that has findings: its worst finding's, then their number."""
    return *max(map(rank_of, checked.findings)), len(checked.findings)


class Worst:
    """The worst entries (already encoded), at most `most_findings` and `most_bytes` of them together."""

    def __init__(self, *, most_findings: int, most_bytes: int) -> None:
        self.most_findings = most_findings
        self.most_bytes = most_bytes
        self.findings = 0
        self.left_out = 0
        self._bytes = 0
        self._count = 0
        self._heap: list[tuple[Rank, int, int, bytes]] = []

    def add(self, rank: Rank, entry: bytes, *, findings: int = 1) -> None:
        """Keep the entry, and let the least bad ones go if that makes too many."""
        self._count += 1
        heapq.heappush(self._heap, (rank, -self._count, findings, entry))
        self.findings += findings
        self._bytes += len(entry)
        while self.findings > self.most_findings or self._bytes > self.most_bytes:
            _, _, gone, dropped = heapq.heappop(self._heap)
            self.findings -= gone
            self._bytes -= len(dropped)
            self.left_out += gone

    def __len__(self) -> int:
        return len(self._heap)

    def ordered(self) -> list[bytes]:
        """The entries, worst first; equals in the order they came."""
        return [entry for *_, entry in sorted(self._heap, reverse=True)]
