"""The entry point: `detector`, or `python -m detector`. The one place that knows every door."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

# Each module holds `COMMANDS`, functions for the command line, and imports little until one of them is called.
DOORS = ("detector.service", "detector.editor")


def main() -> None:
    """Run the command line."""
    _leave_out_spacys_command_line()
    from detector.cli.app import run

    add_doors()
    sys.exit(run())


def add_doors() -> None:
    """Give the command line the commands of the other doors."""
    from detector.cli.app import add_command

    for door in DOORS:
        if find_spec(door) and find_spec(f"{door}.command"):
            for command in import_module(f"{door}.command").COMMANDS:
                add_command(command)


def _leave_out_spacys_command_line() -> None:
    """`import spacy` imports spaCy's command line and its HTTP clients too, for one function that prints versions.

    That is half of its time, and nothing in this process calls it. As a library we leave spaCy as it is.
    """
    stand_in = ModuleType("spacy.cli.info")
    stand_in.info = None  # type: ignore[attr-defined]
    sys.modules.setdefault("spacy.cli", ModuleType("spacy.cli"))
    sys.modules.setdefault("spacy.cli.info", stand_in)


if __name__ == "__main__":
    main()
