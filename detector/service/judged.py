"""What came of a submission."""

from __future__ import annotations

from dataclasses import dataclass

from detector.checked import Checked
from detector.post import Post
from detector.verdict import Ruling


@dataclass(frozen=True, slots=True)
class Judged:
    """`checked` is None when there was no answer in time; `failure` then says why."""

    post: Post
    checked: Checked | None
    ruling: Ruling
    policy_checksum: str
    failure: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """For every protocol alike: that the verdict is not one on the text."""
        return {"X-Detector-Failure": self.failure} if self.failure else {}
