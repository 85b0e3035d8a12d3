"""What our own processes leave out when they start."""

from __future__ import annotations

import sys
from types import ModuleType


def leave_out_spacys_command_line() -> None:
    """`import spacy` imports spaCy's command line and its HTTP clients too, for one function that prints versions.

    That is half of its time, and nothing in our processes calls it. As a library we leave spaCy as it is.
    """
    stand_in = ModuleType("spacy.cli.info")
    stand_in.info = None  # type: ignore[attr-defined]
    sys.modules.setdefault("spacy.cli", ModuleType("spacy.cli"))
    sys.modules.setdefault("spacy.cli.info", stand_in)
