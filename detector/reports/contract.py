"""What a report is: a module in this folder with these three names. Facts only, never spaCy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO, Protocol

from detector.checked import Checked, Run


class Report(Protocol):
    """One output format. Its module name is its `--to`, its docstring's first line its help.

    `SUFFIX` is its file ending, which no other report has. `BINARY` says that a terminal cannot show it.
    """

    SUFFIX: str
    BINARY: bool

    def render(self, stream: Iterable[Checked], run: Run, out: BinaryIO) -> None:
        """Write the report to `out` (bytes; text is UTF-8) and leave it open.

        The stream is consumed once and never held whole. `run.tally` fills as the stream is consumed
        (the caller passes `run.tally.watch(...)`), so totals are read only after the last post.
        """
