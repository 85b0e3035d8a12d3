"""The innermost loops, compiled: where a compiler was at hand when the package was installed, else left out.

`sums` serves the classifier, `scans` what reads text character by character; each is loaded when it is first asked for,
as `sums` needs NumPy. Each of their functions stands for Python code beside its use, which is the definition and does
the work where they are None; `tests/test_compiled.py` holds both to the same results. `DETECTOR_COMPILED=0` leaves them
out, to compare.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detector.compiled.interface import Scans, Sums

    scans: Scans | None
    sums: Sums | None

LOOPS = ("scans", "sums")


def __getattr__(name: str) -> Any:  # noqa: ANN401 (the contract of modules)
    if name not in LOOPS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found = _load(name) if os.environ.get("DETECTOR_COMPILED", "1") != "0" else None
    return found


def _load(name: str) -> Any:  # noqa: ANN401
    try:
        return import_module(f"{__name__}.{name}")
    except ModuleNotFoundError:
        return None
