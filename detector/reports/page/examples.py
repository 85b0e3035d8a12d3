"""What stands behind "Similar passages" on the page: the authored passages nearest to a finding.

They are looked up only for the worst findings, when it is settled which those are: a reader opens a few of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from detector.authored import Authored, nearest, nearest_counterexample
from detector.kinds import KIND_WORDS
from detector.reading import RECOMMENDATION_KINDS
from detector.reports.parts import words

MOST_FINDINGS = 1_000
LONGEST = 400  # characters of a passage that are looked up, and of an example that is shown
LEAST_LIKENESS = 0.15  # below this two passages share a common word, and an example would be noise


class Examples(NamedTuple):
    """The nearest authored passage of a finding's kind, and one of the other side with its kind; "" for none."""

    like: str
    unlike: str
    unlike_kind: str


def examples(entries: Iterable[bytes]) -> dict[str, Examples]:
    """By finding id, for the first `MOST_FINDINGS` findings of a kind in these rows (worst first, as JSON)."""
    findings = islice(_findings(entries), MOST_FINDINGS)
    found = ((identity, _examples(kind, passage)) for identity, kind, passage in findings)
    return {identity: one for identity, one in found if any(one)}


def _findings(entries: Iterable[bytes]) -> Iterator[tuple[str, str, str]]:
    """The id, kind and passage of each finding that has a kind."""
    for entry in entries:
        row = json.loads(entry)  # which takes unpaired surrogates too
        for number, finding in enumerate(row["findings"]):
            if finding["kind"] in KIND_WORDS:
                yield finding["id"], finding["kind"], _passage(row[finding["field"]], number)


def _passage(segments: list[Any], number: int) -> str:
    marked = (each[0] for each in segments if isinstance(each, list) and number in each[1])
    return "".join(marked)[:LONGEST]


def _examples(kind: str, passage: str) -> Examples:
    like = _near_enough(nearest(passage, kind, most=1))
    unlike = _near_enough(nearest_counterexample(passage, is_recommendation=kind in RECOMMENDATION_KINDS))
    return Examples(
        like.text[:LONGEST] if like else "",
        unlike.text[:LONGEST] if unlike else "",
        words.kind_label(unlike.kind) if unlike else "",
    )


def _near_enough(found: tuple[Authored, ...]) -> Authored | None:
    return next((each for each in found if each.likeness >= LEAST_LIKENESS), None)
