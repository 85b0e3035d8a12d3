"""The innermost loops, compiled: where a compiler was at hand when the package was installed, else left out.

`sums` serves the classifier, `scans` what reads text character by character. Each of their functions stands for Python
code beside its use, which is the definition and does the work where they are None; `tests/test_compiled.py` holds both
to the same results. `DETECTOR_COMPILED=0` leaves them out, to compare.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from detector.compiled.interface import Scans, Sums

scans: Scans | None = None
sums: Sums | None = None
if os.environ.get("DETECTOR_COMPILED", "1") != "0":
    try:
        _found = import_module("detector.compiled.scans"), import_module("detector.compiled.sums")
    except ImportError:
        pass
    else:
        scans, sums = cast("Scans", _found[0]), cast("Sums", _found[1])
