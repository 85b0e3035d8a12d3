"""An engine's own process: `python -m detector.service.engine_process LEVEL`, started by `ProcessEngine`.

Reads pickles from standard input, a policy and then batches of posts, and answers each with one on standard output: the
model's checksum, then a list of `Checked`, or `Unchecked`. Ends when standard input does, so that it outlives nobody.
"""

from __future__ import annotations

import gc
import logging
import os
import pickle
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, BinaryIO

from detector.checked import Checked
from detector.post import Post
from detector.service.engines import Unchecked, load_warm
from detector.service.logs import log_to_standard_error
from detector.starting import leave_out_spacys_command_line

log = logging.getLogger(__name__)


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

    detector = load_warm(Detector, next(questions))
    gc.freeze()  # what stands now stays: looking through it for garbage again and again costs a tenth of the time
    _answer(answers, detector.model.checksum)
    with ThreadPoolExecutor(1) as thread:  # it keeps whatever the engine raises
        for posts in questions:
            work = thread.submit(_examined, detector, posts)
            error = work.exception()
            if error is not None:
                log.error("the engine failed", exc_info=error, extra={"facts": {"posts": len(posts)}})
            _answer(answers, Unchecked(type(error).__name__) if error is not None else work.result())


def _examined(detector: Any, posts: list[Post]) -> list[Checked]:  # noqa: ANN401 (the engine is imported late)
    return list(detector.examine(posts))


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
