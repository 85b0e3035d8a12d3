"""`python -m benchmarks`: the tables of speed, growth and cores, and the check that CI runs."""

from __future__ import annotations

import os
from typing import Annotated

import typer

# One core is measured: a second thread of NumPy's, woken as a process begins, would wait at that core's expense.
os.environ.setdefault("OMP_NUM_THREADS", "1")

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)
Rounds = Annotated[int, typer.Option(min=1, help="how often every stage is timed")]
Posts = Annotated[int, typer.Option(min=1, help="how many posts")]


@app.command()
def table(
    *,
    posts: Posts = 5_000,
    rounds: Rounds = 5,
    write: Annotated[bool, typer.Option("--write", help="into README.md and CHANGELOG.md too")] = False,
) -> None:
    """Print every stage's time as a ratio to bare spaCy tokenisation of the same posts in the same run."""
    from benchmarks import table as stages

    lines = list(stages.table(posts, rounds))
    print("\n".join(lines))
    if write:
        stages.write(lines)


@app.command()
def growth() -> None:
    """Print how time grows with text length, number of posts and number of registered disclaimers."""
    from benchmarks.growth import lines

    for line in lines():
        print(line)


@app.command()
def cores(
    *,
    posts: Posts = 40_000,
    rounds: Rounds = 3,
    minutes: Annotated[float, typer.Option(min=0, help="no further round when it would take longer")] = 10.0,
) -> None:
    """Print how much faster a whole audit is in two processes than in one, start-up included."""
    from benchmarks.cores import lines

    for line in lines(posts, rounds, minutes):
        print(line, flush=True)


@app.command()
def single(*, posts: Posts = 3_000, rounds: Rounds = 3) -> None:
    """Print how long one short post takes inside a process."""
    from benchmarks.single import lines

    for line in lines(posts, rounds):
        print(line, flush=True)


@app.command()
def rivals(*, posts: Posts = 2_000) -> None:
    """Print accuracy against speed beside what a user would pick instead, and draw docs/rivals.svg."""
    from benchmarks.case import ROOT
    from benchmarks.rivals import picture, points, table

    found = list(points(posts))
    print("\n".join(table(found)))
    picture(found, ROOT / "docs/rivals.svg")


@app.command()
def check(*, posts: Posts = 600, rounds: Rounds = 3, update: bool = False) -> None:
    """Fail with the stage's name if a stage takes a quarter more than it did, against bare tokenisation."""
    from benchmarks import regression

    if update:
        regression.update(posts, rounds)
        return
    slower = regression.slower(posts, rounds)
    for line in slower:
        print(line)
    raise typer.Exit(1 if slower else 0)


if __name__ == "__main__":
    app()
