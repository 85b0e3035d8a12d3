"""JSON Lines, schema `detector.post/1`: one object a post, posts without findings too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from detector.checked import Checked, Run
from detector.reports.parts.record import post_record, to_json

SUFFIX = ".jsonl"
BINARY = False


def render(stream: Iterable[Checked], run: Run, out: BinaryIO) -> None:
    """One line a post, in the order of the export."""
    write, policy_checksum = out.write, run.policy_checksum
    for checked in stream:
        write(to_json(post_record(checked, policy_checksum=policy_checksum)) + b"\n")
