"""`detector check`: check a text or files before they are published."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from detector.cli.options import OutputOption, PolicyOption, ToOption
from detector.document import ENDINGS, document, text_format_of
from detector.errors import ConfigError, InputError
from detector.post import Origin, Post, Rejected, TextFormat

STANDARD_INPUT = "-"
LONGEST_PATH = 255


def check(
    texts: Annotated[
        list[str] | None,
        typer.Argument(metavar="TEXT|FILE…", help="The text itself, files that hold it, or - for standard input."),
    ] = None,
    *,
    policy: PolicyOption = "default",
    to: ToOption = None,
    output: OutputOption = None,
    text_format: Annotated[
        str | None,
        typer.Option("--text-format", help="plain, markdown or html, instead of going by the file's ending."),
    ] = None,
) -> None:
    """Check a text, or files, before publishing. Exit code 0: nothing found; 1: findings; 2: wrong usage.

    Comments in the text that let a finding stand are honoured, unless the policy forbids them.
    """
    from detector.cli.session import choose_report, exit_code, run_report
    from detector.engine import Detector
    from detector.policy import load_policy

    name = choose_report(to, output)
    given = texts or [STANDARD_INPUT]
    detector = Detector(load_policy(policy).for_authors())
    records = [make_post(given[0], text_format=text_format)] if len(given) == 1 else read_files(given, text_format)
    run = run_report(records, detector, to=name, output=output)
    if name != "text" and run.tally.rejections:
        typer.echo("\n".join(f"unreadable: {each}" for each in run.tally.rejections), err=True)
    raise typer.Exit(exit_code(run.tally))


def read_files(files: Sequence[str], text_format: str | None = None) -> Iterator[Post | Rejected]:
    """Each file as a post; what cannot be read does not keep the others from being checked."""
    for file in files:
        try:
            yield _read_file(file, _chosen(text_format))
        except InputError as error:
            yield Rejected(error.file, None, error.reason, error.cure)


def make_post(text: str, *, text_format: str | None = None) -> Post:
    """The text, or what is in the file of that name, as a post. Raises `InputError` for a file that is not UTF-8."""
    chosen = _chosen(text_format)
    if text == STANDARD_INPUT:
        content = _decoded(sys.stdin.buffer.read(), "standard input")
        return document(content, name="standard input", text_format=chosen or "plain")
    if _is_file(text) or _looks_like_file(text):
        return _read_file(text, chosen)
    return Post("text", text, origin=Origin("argument", 1), format=chosen or "plain")


def _chosen(text_format: str | None) -> TextFormat | None:
    if text_format is not None and text_format not in get_args(TextFormat):
        raise ConfigError("--text-format", f"unknown: {text_format!r}", f"one of: {', '.join(get_args(TextFormat))}")
    return cast("TextFormat | None", text_format)


def _read_file(file: str, text_format: TextFormat | None) -> Post:
    try:
        content = Path(file).read_bytes()
    except OSError as error:
        raise InputError(file, (error.strerror or str(error)).lower(), "name files, or one text") from error
    return document(_decoded(content, file), name=file, text_format=text_format or text_format_of(file))


def _is_file(text: str) -> bool:
    return len(text) <= LONGEST_PATH and "\n" not in text and "\0" not in text and Path(text).is_file()


def _looks_like_file(text: str) -> bool:
    """A misspelt name must not be checked as if it were the text, and found clean."""
    return len(text.split()) == 1 and Path(text).suffix.lower() in {*ENDINGS, ".txt"}


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(name, f"not UTF-8 at byte {error.start}", "convert it to UTF-8") from error
