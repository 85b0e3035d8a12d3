"""What can go wrong, as types with fields: doors translate them once into words and exit codes."""

from __future__ import annotations

from dataclasses import dataclass


class DetectorError(Exception):
    """Base of every error that this package raises on purpose."""


@dataclass(eq=False)
class InputError(DetectorError):
    """Input that cannot be read. `record` is 1-based; None when the whole file is meant."""

    file: str
    reason: str
    cure: str = ""
    record: int | None = None

    def __str__(self) -> str:
        where = self.file if self.record is None else f"{self.file}, record {self.record}"
        return f"{where}: {self.reason}" + (f" ({self.cure})" if self.cure else "")


@dataclass(eq=False)
class ConfigError(DetectorError):
    """A policy, registry entry or option that cannot be used."""

    where: str
    reason: str
    cure: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}" + (f" ({self.cure})" if self.cure else "")


@dataclass(eq=False)
class ModelError(DetectorError):
    """Model files that are absent, corrupt or of another version."""

    where: str
    reason: str
    cure: str = "reinstall the package, or run `python -m training train`"

    def __str__(self) -> str:
        return f"{self.where}: {self.reason} ({self.cure})"
