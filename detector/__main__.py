"""The entry point: `detector`, or `python -m detector`. The one place that knows every door."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec

from detector.starting import leave_out_spacys_command_line

# Each module holds `COMMANDS`, functions for the command line, and imports little until one of them is called.
DOORS = ("detector.service", "detector.editor")


def main() -> None:
    """Run the command line."""
    leave_out_spacys_command_line()
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


if __name__ == "__main__":
    main()
