"""`detector calibrate`: choose a threshold for a promise, and write it into a policy."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detector.cli.options import PolicyOption
from detector.errors import ConfigError

if TYPE_CHECKING:
    from detector.calibration import Calibration, Promise, Scored
    from detector.labelled import LabelledPost

DIGITS = 1_000_000


def calibrate(
    labelled: Annotated[
        Path, typer.Argument(help="Labelled posts: JSON Lines with text and passages (start, end, kind).")
    ],
    *,
    precision: Annotated[
        float | None, typer.Option(min=0, max=1, help="At least this share of findings is right.")
    ] = None,
    recall: Annotated[float | None, typer.Option(min=0, max=1, help="At least this share is found.")] = None,
    alerts: Annotated[
        float | None, typer.Option("--alerts-per-1000", min=0, help="At most so many findings per 1,000 posts.")
    ] = None,
    policy: PolicyOption = "default",
    write: Annotated[
        Path | None, typer.Option(help="The policy file to write the threshold into (made if new).")
    ] = None,
) -> None:
    """Choose the threshold that keeps one promise on labelled posts, with what the data can and cannot show."""
    from detector.calibration import calibrate as choose
    from detector.labelled import read_public
    from detector.policy import load_policy

    promise, level = the_one({"precision": precision, "recall": recall, "alerts": alerts})
    source = load_policy(policy)
    posts = list(read_public(labelled))
    if not posts:
        raise ConfigError(str(labelled), "holds no labelled post")
    chosen = choose(score(posts, policy), len(posts), promise=promise, level=level)
    typer.echo("\n".join(describe(chosen)))
    if write is not None:
        start = write if write.is_file() else Path(source.path)
        write.write_text(with_threshold(start.read_text(encoding="utf-8"), chosen), encoding="utf-8")
        typer.echo(f"written to {write}")


def the_one(promises: dict[Promise, float | None]) -> tuple[Promise, float]:
    """The only promise that was asked for. Raises `ConfigError`."""
    given = [(promise, level) for promise, level in promises.items() if level is not None]
    if len(given) != 1:
        raise ConfigError("calibrate", "choose one promise", "--precision, --recall or --alerts-per-1000")
    return given[0]


def score(posts: list[LabelledPost], policy: str) -> list[Scored]:
    """Every labelled passage with the probability of the judgement that covers it."""
    from detector.calibration import Scored
    from detector.engine import Detector
    from detector.labelled import UNLABELLED, judgement_of
    from detector.post import Post

    # With `explain`, unlikely passages get a probability too: a promise of recall may need them.
    readings = Detector(policy, explain=True).readings(Post(post.id, post.text) for post in posts)
    scored = []
    for number, (post, reading) in enumerate(zip(posts, readings, strict=True)):
        for passage in post.passages:
            if passage.kind != UNLABELLED:
                judgement = judgement_of(passage, reading.judgements)
                probability = judgement.probability if judgement else 0.0
                scored.append(Scored(number, probability, passage.is_recommendation))
    return scored


def describe(chosen: Calibration) -> list[str]:
    """The threshold and its figures, each with its interval, in plain lines."""
    lines = [f"threshold {chosen.threshold:.4f}"]
    for name, figure in (
        ("precision", chosen.precision),
        ("recall", chosen.recall),
        ("alerts per 1,000 posts", chosen.alerts),
    ):
        lines.append(f"{name} {figure.value:.3g} (95 % interval {figure.low:.3g} to {figure.high:.3g})")
    return lines


def with_threshold(toml: str, chosen: Calibration) -> str:
    """The policy's text with the threshold set; everything else stays as written, comments too."""
    import tomlkit

    document = tomlkit.parse(toml)
    section = document.setdefault("recommendations", tomlkit.table())
    section["threshold"] = math.floor(chosen.threshold * DIGITS) / DIGITS  # rounded up, it would lose its last hit
    section["threshold"].comment(f"chosen by `detector calibrate`: {'; '.join(describe(chosen)[1:])}")
    return tomlkit.dumps(document)
