"""The innermost loops, compiled: as C where a compiler was at hand when the package was installed, else left out.

`sums` serves the classifier, `scans` what reads text character by character. Each of their functions stands for Python
code beside its use, which is the definition, does the work where they are None, and is held to the same results by
`tests/test_compiled.py`. `DETECTOR_COMPILED=0` leaves both out, to compare.
"""

from __future__ import annotations

import os
from importlib import import_module
from types import ModuleType

scans: ModuleType | None = None
sums: ModuleType | None = None
if os.environ.get("DETECTOR_COMPILED", "1") != "0":
    try:
        scans, sums = import_module("detector.compiled.scans"), import_module("detector.compiled.sums")
    except ImportError:
        scans = sums = None  # none was built, or only one
