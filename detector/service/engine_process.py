"""An engine's own process: `python -m detector.service.engine_process LEVEL`, started by `ProcessEngine`.

Reads pickles from standard input, a policy and then batches of posts, and answers each with one on standard output: the
model's checksum, then a list of `Checked`, or `Unchecked`. Ends when standard input does, so that it outlives nobody.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from detector.processes import settle
from detector.service.engines import ThreadEngine, Unchecked
from detector.service.logs import log_to_standard_error
from detector.starting import leave_out_spacys_command_line


def main() -> None:
    """Serve whoever started it."""
    # Signals are meant for the server, which lets what was taken be finished.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    log_to_standard_error(sys.argv[1])
    answers = _private_standard_output()
    questions = _questions(sys.stdin.buffer)
    leave_out_spacys_command_line()
    from detector.engine import Detector

    engine = ThreadEngine(next(questions), Detector)
    checksum = engine.load()
    settle()
    _answer(answers, checksum)
    for posts in questions:
        try:
            answer: object = engine.examine(posts)
        except Unchecked as error:
            answer = error
        _answer(answers, answer)


def _private_standard_output() -> BinaryIO:
    """Standard output for answers alone: whatever prints, prints to standard error."""
    private = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return private


def _questions(source: BinaryIO) -> Iterator[Any]:
    while True:
        try:
            yield pickle.load(source)  # noqa: S301 (what the server wrote)
        except EOFError:
            return


def _answer(answers: BinaryIO, answer: object) -> None:
    pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()


if __name__ == "__main__":
    main()
