"""`detector check`: check one text, as an argument, a file or standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from detector.cli.options import ModelOption, OutputOption, PolicyOption, ToOption
from detector.errors import ConfigError, InputError
from detector.post import Origin, Post, TextFormat

ENDINGS: dict[str, TextFormat] = {".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html"}
STANDARD_INPUT = "-"
LONGEST_PATH = 255


def check(
    text: Annotated[
        str, typer.Argument(help="The text itself, a file that holds it, or - for standard input.")
    ] = STANDARD_INPUT,
    *,
    policy: PolicyOption = "default",
    model: ModelOption = None,
    to: ToOption = None,
    output: OutputOption = None,
    text_format: Annotated[
        str | None,
        typer.Option("--text-format", help="plain, markdown or html, instead of going by the file's ending."),
    ] = None,
) -> None:
    """Check one text before it is published. Exit code 0: nothing found; 1: findings; 2: wrong usage."""
    from detector.cli.session import choose_report, exit_code, run_report
    from detector.engine import Detector
    from detector.policy import load_policy, with_model

    name = choose_report(to, output)
    post = make_post(text, text_format=text_format)
    run = run_report([post], Detector(with_model(load_policy(policy), model)), to=name, output=output)
    raise typer.Exit(exit_code(run.tally))


def make_post(text: str, *, text_format: str | None = None) -> Post:
    """The text as a post. Raises `InputError` for a file that is not UTF-8 text."""
    if text_format is not None and text_format not in get_args(TextFormat):
        raise ConfigError("--text-format", f"unknown: {text_format!r}", f"one of: {', '.join(get_args(TextFormat))}")
    if text == STANDARD_INPUT:
        name, ending, content = "standard input", "", _decoded(sys.stdin.buffer.read(), "standard input")
    elif _is_file(text):
        name, ending, content = text, Path(text).suffix.lower(), _decoded(Path(text).read_bytes(), text)
    else:
        name, ending, content = "argument", "", text
    chosen = text_format or ENDINGS.get(ending, "plain")
    return Post("text", content, origin=Origin(name, 1), format=cast("TextFormat", chosen))


def _is_file(text: str) -> bool:
    return len(text) <= LONGEST_PATH and "\n" not in text and "\0" not in text and Path(text).is_file()


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(name, f"not UTF-8 at byte {error.start}", "convert it to UTF-8") from error
