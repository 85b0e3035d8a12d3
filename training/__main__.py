"""`python -m training`: train the shipped model, measure it, render its card."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "dev.jsonl"
SHIPPED = Path(__file__).resolve().parent.parent / "detector" / "model"
PROCESSES = 2  # more would need more than 4 GB of memory
Public = Annotated[
    list[Path], typer.Option("--public", help="labelled public posts (JSON Lines)", exists=True, dir_okay=False)
]
Out = Annotated[Path, typer.Option("--out", help="folder of the model")]
Seed = Annotated[int, typer.Option(help="the same seed and data give the same bytes")]
Folds = Annotated[int, typer.Option(min=2, help="how many parts the posts are divided into")]

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)


@app.command()
def train(public: Public = [], out: Out = SHIPPED, seed: Seed = 0, folds: Folds = 5) -> None:  # noqa: B006
    """Train on the authored posts and on labelled public ones, and write model and card."""
    from joblib import parallel_config

    from training.fit import Settings
    from training.run import train_model

    with parallel_config(n_jobs=PROCESSES):
        for line in train_model(public, out, settings=Settings(seed=seed), folds=folds):
            print(line)


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="labelled posts", exists=True, dir_okay=False)] = SHARED,
    *,
    authored: Annotated[
        bool, typer.Option("--authored", help="score the authored posts instead of the natural ones")
    ] = False,
    folds: Folds = 5,
    leave_one_dataset_out: Annotated[bool, typer.Option("--leave-one-dataset-out", help="one fold a source")] = False,
    model: Annotated[
        Path | None, typer.Option("--model", help="score with this model instead of cross-validating")
    ] = None,
    segment: Annotated[bool, typer.Option("--segment", help="with --model: with passages of our own")] = False,
) -> None:
    """Print every figure with its interval, next to the baselines."""
    from joblib import parallel_config

    from training.fit import Settings
    from training.run import cross_validate_file, evaluate_model

    if model is not None:
        lines = evaluate_model(file, model, segment=segment)
    else:
        parts = None if leave_one_dataset_out else folds
        lines = cross_validate_file(file, settings=Settings(), folds=parts, authored=authored)
    with parallel_config(n_jobs=PROCESSES):
        for line in lines:
            print(line)


@app.command()
def robustness(
    file: Annotated[Path, typer.Argument(help="labelled posts", exists=True, dir_okay=False)] = SHARED,
) -> None:
    """Print what each way of disguising words costs in recall, with the shipped model and the whole pipeline."""
    from training.robustness import robustness as lines

    for line in lines(file):
        print(line)


@app.command()
def listing(
    public: Annotated[list[Path], typer.Argument(help="labelled public posts", exists=True, dir_okay=False)],
    *,
    check: Annotated[bool, typer.Option("--check", help="fail if the kept list is another")] = False,
) -> None:
    """Write which public posts are used (source, record, hash, offsets, labels; no text) into corpora/public."""
    from training.listing import LISTING, entries, packed

    found = packed(entries(public))
    if check and LISTING.read_bytes() != found:
        print(f"{LISTING.name} is not of these files: run `python -m training listing`")
        raise typer.Exit(1)
    if not check:
        LISTING.write_bytes(found)


@app.command()
def rebuild(
    texts: Annotated[
        list[Path], typer.Argument(help="texts: JSON Lines with a field `text`", exists=True, dir_okay=False)
    ],
    *,
    out: Annotated[Path, typer.Option("--out", help="the labelled file to write")],
) -> None:
    """Rebuild the labelled public posts from corpora/public and texts that you hold."""
    from training.listing import rebuild as lines

    for line in lines(texts, out):
        print(line)


def words(
    *, check: Annotated[bool, typer.Option("--check", help="fail if the shipped list is another")] = False
) -> None:
    """Make the word list by which words run together are told apart (needs `symspellpy`)."""
    from training.word_list import SHIPPED as LIST
    from training.word_list import packed, unpacked, word_list

    made = word_list()
    if check and unpacked(LIST.read_bytes()) != made:
        print(f"{LIST} is stale: run `python -m training words`")
        raise typer.Exit(1)
    if not check:
        LIST.write_bytes(packed(made))


@app.command()
def card(
    folder: Annotated[Path, typer.Argument(help="folder of the model")] = SHIPPED,
    *,
    check: Annotated[bool, typer.Option("--check", help="fail if CARD.md is not what card.json says")] = False,
) -> None:
    """Render CARD.md from card.json."""
    from training.card import render_folder

    if check and (folder / "CARD.md").read_text(encoding="utf-8") != render_folder(folder):
        print(f"{folder / 'CARD.md'} is stale: run `python -m training card`")
        raise typer.Exit(1)
    if not check:
        (folder / "CARD.md").write_text(render_folder(folder), encoding="utf-8")


if __name__ == "__main__":
    app()
