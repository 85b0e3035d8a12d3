"""The entry point: `detector`, or `python -m detector`. The one place that knows every door."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec

# Each module holds `COMMANDS`, functions for the command line, and imports little until one of them is called.
DOORS = ("detector.service", "detector.editor")


def main() -> None:
    """Run the command line."""
    from detector.cli.app import add_command, run

    for door in DOORS:
        if find_spec(door) and find_spec(f"{door}.command"):
            for command in import_module(f"{door}.command").COMMANDS:
                add_command(command)
    sys.exit(run())


if __name__ == "__main__":
    main()
