"""How the endpoint says no: LanguageTool's status codes and plain text, which its clients show to people."""

from __future__ import annotations

from dataclasses import dataclass

from detector.errors import DetectorError


@dataclass(eq=False)
class Refused(DetectorError):  # noqa: N818 (it names what happened)
    """400 wrong arguments, 403 not allowed, 404 no such path, 413 too long, 500 too slow, 503 too busy."""

    status: int
    reason: str

    def __str__(self) -> str:
        return f"Error: {self.reason}"
