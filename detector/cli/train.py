"""`detector train`: adapt the model to a community's own labels."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detector.errors import ConfigError

if TYPE_CHECKING:
    from detector.pipeline.adapting import Adapted
    from detector.pipeline.adapting_figures import Figures


def train(
    *,
    add: Annotated[Path, typer.Option(help="Labelled posts: JSON Lines with text and passages (start, end, kind).")],
    out: Annotated[Path, typer.Option(help="Folder for the adapted model.")] = Path("adapted-model"),
    model: Annotated[Path | None, typer.Option(help="The model to start from, instead of the shipped one.")] = None,
    base: Annotated[
        Path | None, typer.Option(help="Labelled posts that must not be judged worse, instead of our authored ones.")
    ] = None,
    allow_worse: Annotated[bool, typer.Option("--allow-worse", help="Write it even if the base set suffers.")] = False,
) -> None:
    """Adapt the model to labels of your own, report before and after, and write it unless the base set got worse."""
    _need_scipy()
    from detector.authored import SHIPPED as AUTHORED
    from detector.labelled import read_public
    from detector.pipeline.adapting import adapt, save_adapted
    from detector.pipeline.shipped import SHIPPED

    start, base_file = model or SHIPPED, base or AUTHORED
    without_text: list[str] = []
    posts = list(read_public(add, without_text=without_text))
    if without_text:
        typer.echo(f"{len(without_text):,} labelled posts are without text (erased?) and left out", err=True)
    if not posts:
        raise ConfigError(str(add), "holds no labelled post")
    adapted = adapt(start, posts, list(read_public(base_file)))
    typer.echo("\n".join(describe(adapted)))
    if adapted.got_worse and not allow_worse:
        raise ConfigError(str(out), "not written: the base set is judged worse", "more labels, or --allow-worse")
    note = {
        "base_model": adapted.model.checksum,
        "labels": hashlib.sha256(add.read_bytes()).hexdigest(),
        "posts": len(posts),
        "passages": adapted.new_after.passages,
        "recommendations": adapted.new_after.recommendations,
        "base_set": hashlib.sha256(base_file.read_bytes()).hexdigest(),
        "figures": {
            name: asdict(getattr(adapted, name)) for name in ("new_before", "new_after", "base_before", "base_after")
        },
    }
    checksum = save_adapted(adapted, out, note)
    (out / "CARD.md").write_text(card(adapted, note, checksum), encoding="utf-8")
    typer.echo(f'written to {out}: use it with --model {out}, or `model = "…"` in a policy')


def _need_scipy() -> None:
    if find_spec("scipy") is None:
        raise ConfigError("train", "needs SciPy", "pip install 'advice-detector[train]'")


def describe(adapted: Adapted) -> list[str]:
    """Before and after, on both sets, in plain lines."""
    new = ("your labels, held out (5 folds by post)", adapted.new_before, adapted.new_after)
    base = ("base set", adapted.base_before, adapted.base_after)
    return [line for name, before, after in (new, base) for line in _compared(name, before, after)]


def _compared(name: str, before: Figures, after: Figures) -> list[str]:
    f1 = [f"{one.f1:.3f} ({one.f1_low:.3f} to {one.f1_high:.3f})" for one in (before, after)]
    return [
        f"{name}: {after.passages:,} passages, {after.recommendations:,} recommendations",
        f"  average precision {before.average_precision:.3f} before, {after.average_precision:.3f} after",
        f"  F1 at the threshold {f1[0]} before, {f1[1]} after",
    ]


def card(adapted: Adapted, note: dict[str, object], checksum: str) -> str:
    """The adapted model's card."""
    figures = "\n".join(f"    {line}" for line in describe(adapted))
    return (
        "# Model card: an adapted model\n\nThe yes-or-no weights of the base model, corrected by a community's labels\n"
        "(`detector train`). All else, the calibration and the threshold too, is the base model's: see its card.\n\n"
        f"- weights: SHA-256 `{checksum}`\n- base model: `{note['base_model']}`\n"
        f"- labels: SHA-256 `{note['labels']}`, {note['posts']} posts, {note['passages']} passages, "
        f"{note['recommendations']} recommendations\n- base set: SHA-256 `{note['base_set']}`\n\n"
        f"## Before and after\n\n{figures}\n\n"
        "The base model may have seen the base set, so compare the two columns only. Intervals are the middle 95 % of\n"
        "resampled posts. `detector calibrate` with labels of your own says how far the probabilities can be trusted.\n"
    )
