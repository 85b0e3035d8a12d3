"""Options that more than one command takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PolicyOption = Annotated[
    str,
    typer.Option("--policy", metavar="NAME|PATH", help="A preset's name, a policy file, or a folder with policy.toml."),
]
ModelOption = Annotated[
    Path | None,
    typer.Option(
        "--model",
        metavar="FOLDER",
        help="An adapted model (`detector train`), or `thorough` (better, slow), instead of the policy's or ours.",
    ),
]
ToOption = Annotated[
    str | None,
    typer.Option(
        "--to", metavar="REPORT", help="text (default on a terminal), jsonl (default in a pipe), html, csv, sarif, …"
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Write the report there; its ending chooses the report if --to does not."
    ),
]
LimitsOption = Annotated[
    str,
    typer.Option(
        "--limits",
        metavar="NAME=NUMBER,...",
        help="What readers take before they refuse (then: quarantine). K, M, G, T are allowed. Defaults: "
        "record_bytes=16M, expansion=250, expansion_free=64M, expanded_bytes=1T, window_bytes=2G, members=100000, "
        "nesting=4, rejections=100000.",
    ),
]
