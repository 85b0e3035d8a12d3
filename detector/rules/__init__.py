"""Rules, found by folder listing: every module here that holds a `RULE`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from detector.rules.rule import Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, in name order."""
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    return tuple(module.RULE for module in modules if hasattr(module, "RULE"))
