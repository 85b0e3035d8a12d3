"""The entry point: `detector`, or `python -m detector`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line."""
    from detector.cli.app import run

    sys.exit(run())


if __name__ == "__main__":
    main()
