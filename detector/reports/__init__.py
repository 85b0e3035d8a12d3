"""Reports, found by folder listing: every module here renders one format, and its name is `--to`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from detector.errors import ConfigError
from detector.reports.contract import Report

HELPERS = frozenset({"contract"})


@cache
def names() -> tuple[str, ...]:
    """Every value that `--to` takes, in alphabetical order."""
    return tuple(module.name for module in iter_modules(__path__) if not module.ispkg and module.name not in HELPERS)


def load(name: str) -> Report:
    """The report of that name; its module is imported only now."""
    if name not in names():
        raise ConfigError("--to", f"no report is called {name!r}", f"one of: {', '.join(names())}")
    return cast("Report", import_module(f"{__name__}.{name}"))
