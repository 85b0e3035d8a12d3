"""`python -m training`: train the shipped model, measure it, render its card."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "dev.jsonl"
POOL = SHARED.with_name("pool.jsonl.gz")
LESSONS = Path(__file__).resolve().parent.parent / ".cache" / "training"
SHIPPED = Path(__file__).resolve().parent.parent / "detector" / "model"
PROCESSES = 2  # more would need more than 4 GB of memory
Public = Annotated[
    list[Path], typer.Option("--public", help="labelled public posts (JSON Lines)", exists=True, dir_okay=False)
]
Out = Annotated[Path, typer.Option("--out", help="folder of the model")]
Seed = Annotated[int, typer.Option(help="the same seed and data give the same bytes")]
Folds = Annotated[int, typer.Option(min=2, help="how many parts the posts are divided into")]

Lessons = Annotated[
    Path | None, typer.Option("--lessons", help="folder that `teach` wrote; without it, the linear stage alone")
]
Pool = Annotated[Path, typer.Option("--pool", help="unlabelled posts for the teacher to judge (JSON Lines, gzip)")]
LeaveOut = Annotated[
    int | None,
    typer.Option(
        "--leave-out-sources", min=2, help="divide the sources into so many groups, and leave each out in turn"
    ),
]

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)


@app.command()
def teach(
    public: Public = [],  # noqa: B006
    pool: Pool = POOL,
    out: Annotated[Path, typer.Option("--out", help="folder for what `train` needs of it")] = LESSONS,
    passages: Annotated[int, typer.Option(min=1, help="how many passages of the pool the teacher judges")] = 60_000,
    leave_out_sources: LeaveOut = None,
    seed: Seed = 0,
) -> None:
    """Fine-tune a teacher, let it label the pool, and train the base student (extra `teach`; an hour of one core)."""
    from training.fit import Settings
    from training.teach import teach as lines
    from training.teach import teach_without

    if not pool.is_file():
        raise typer.BadParameter(f"{pool} is no file", param_hint="--pool")
    way = lines if leave_out_sources is None else partial(teach_without, groups=leave_out_sources)
    for line in way(public, pool, out, settings=Settings(seed=seed), passages=passages):
        print(line)


@app.command()
def train(  # noqa: PLR0913 (each is an option)
    public: Public = [],  # noqa: B006
    out: Out = SHIPPED,
    lessons: Lessons = None,
    *,
    anew: Annotated[bool, typer.Option("--teach", help="make the lessons first: all that ships, from scratch")] = False,
    pool: Pool = POOL,
    seed: Seed = 0,
    folds: Folds = 5,
) -> None:
    """Train on the authored posts and on labelled public ones, and write model and card."""
    from joblib import parallel_config

    if anew:
        lessons = lessons or LESSONS
        teach(public, pool, lessons, seed=seed)

    from training.fit import Settings
    from training.run import train_model

    with parallel_config(n_jobs=PROCESSES):
        for line in train_model(public, out, settings=Settings(seed=seed), folds=folds, lessons=lessons):
            print(line)


@app.command()
def evaluate(  # noqa: PLR0913 (each is an option)
    file: Annotated[Path, typer.Argument(help="labelled posts", exists=True, dir_okay=False)] = SHARED,
    *,
    authored: Annotated[
        bool, typer.Option("--authored", help="score the authored posts instead of the natural ones")
    ] = False,
    folds: Folds = 5,
    leave_one_dataset_out: Annotated[bool, typer.Option("--leave-one-dataset-out", help="one fold a source")] = False,
    leave_out_sources: LeaveOut = None,
    lessons: Lessons = None,
    model: Annotated[
        Path | None, typer.Option("--model", help="score with this model instead of cross-validating")
    ] = None,
    segment: Annotated[bool, typer.Option("--segment", help="with --model: with passages of our own")] = False,
) -> None:
    """Print every figure with its interval, next to the baselines."""
    from joblib import parallel_config

    from training.fit import Settings
    from training.run import cross_validate_file, evaluate_model
    from training.unseen import figures_without

    if model is not None:
        lines = evaluate_model(file, model, segment=segment)
    elif leave_out_sources is not None:
        lines = figures_without(file, settings=Settings(), groups=leave_out_sources, lessons=lessons)
    else:
        parts = None if leave_one_dataset_out else folds
        lines = cross_validate_file(file, settings=Settings(), folds=parts, authored=authored, lessons=lessons)
    with parallel_config(n_jobs=PROCESSES):
        for line in lines:
            print(line)


@app.command()
def curve(
    file: Annotated[Path, typer.Argument(help="labelled posts", exists=True, dir_okay=False)] = SHARED,
    *,
    folds: Folds = 5,
    groups: Annotated[int, typer.Option(min=2, help="how many groups the sources are divided into")] = 6,
) -> None:
    """Print what more posts, and posts of the same sources, are worth to the linear stage's yes-or-no output."""
    from training.curve import curve as lines
    from training.fit import Settings

    for line in lines(file, settings=Settings(), folds=folds, groups=groups):
        print(line)


@app.command()
def costs(
    file: Annotated[Path, typer.Argument(help="labelled posts", exists=True, dir_okay=False)] = SHARED,
    *,
    folds: Folds = 5,
) -> None:
    """Print what smoothed labels of doubtful passages and other costs of errors do to the linear stage's yes-or-no."""
    from training.curve import costs as lines
    from training.fit import Settings

    for line in lines(file, settings=Settings(), folds=folds):
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


@app.command()
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
def authored(
    *, check: Annotated[bool, typer.Option("--check", help="fail if the shipped file is another")] = False
) -> None:
    """Write the authored corpus as the package ships it."""
    from detector.authored import SHIPPED as FILE
    from training.authored_file import authored_file, packed, unpacked

    if check and unpacked(FILE.read_bytes()) != authored_file():
        print(f"{FILE} is stale: run `python -m training authored`")
        raise typer.Exit(1)
    if not check:
        FILE.write_bytes(packed(authored_file()))


@app.command()
def card(
    folder: Annotated[Path, typer.Argument(help="folder of the model")] = SHIPPED,
    *,
    check: Annotated[bool, typer.Option("--check", help="fail if CARD.md is not what card.json says")] = False,
) -> None:
    """Render CARD.md from card.json."""
    from training.card import cards, write_cards

    stale = [file for file, text in cards(folder).items() if check and file.read_text(encoding="utf-8") != text]
    for file in stale:
        print(f"{file} is stale: run `python -m training card`")
    if stale:
        raise typer.Exit(1)
    write_cards(folder)


if __name__ == "__main__":
    app()
