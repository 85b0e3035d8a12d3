"""More posts than an engine can take: a bounded queue, an answer at once, and no post that harms another."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from running_server import ADVICE, TALK, serving, wait_until

from detector.checked import Checked
from detector.engine import Detector
from detector.policy import load_policy
from detector.post import Post
from detector.service.checker import Checker, Overloaded, TooSlow, start_checker
from detector.service.engines import Unchecked
from detector.service.settings import Queue


class Gated(Detector):
    """A real engine that waits for a gate, notes its batches, and fails on one text."""

    gate = threading.Event()
    batches: list[int] = []  # noqa: RUF012 (one engine a test)

    def examine(self, posts: Iterable[Post], *, workers: int = 1) -> Iterator[Checked]:
        given = list(posts)
        self.batches.append(len(given))
        assert self.gate.wait(30)
        assert not any(post.text == "poison" for post in given), "poison"
        return super().examine(given, workers=workers)


@pytest.fixture
def gated() -> Iterator[Callable[..., Checker]]:
    made: list[Checker] = []
    Gated.gate.set()
    Gated.batches.clear()

    def make(**queue: int) -> Checker:
        checker = start_checker({"default": load_policy()}, "default", queue=Queue(**queue), engine=Gated)
        wait_until(lambda: checker.ready)
        made.append(checker)
        return checker

    yield make
    Gated.gate.set()
    for checker in made:
        asyncio.run(checker.close(seconds=10))


def posts(number: int) -> list[Post]:
    return [Post(str(each), TALK) for each in range(number)]


def test_what_does_not_fit_is_refused_at_once_and_whole(gated: Callable[..., Checker]) -> None:
    checker = gated(posts=5)
    Gated.gate.clear()

    async def crowd() -> list[object]:
        running = [asyncio.create_task(checker.check(posts(1)))]
        await asyncio.sleep(0.2)
        running += [asyncio.create_task(checker.check(posts(2))) for _ in range(3)]
        await asyncio.sleep(0.1)
        assert checker.waiting == 4
        Gated.gate.set()
        return await asyncio.gather(*running, return_exceptions=True)

    *served, refused = asyncio.run(crowd())
    assert [len(each) for each in served if isinstance(each, list)] == [1, 2, 2]
    assert isinstance(refused, Overloaded)
    assert refused.retry_after >= 1


def test_what_waits_is_checked_together(gated: Callable[..., Checker]) -> None:
    checker = gated(batch_posts=8)
    Gated.gate.clear()

    async def crowd() -> None:
        running = [asyncio.create_task(checker.check(posts(1))) for _ in range(18)]
        await asyncio.sleep(0.2)
        Gated.gate.set()
        await asyncio.gather(*running)

    asyncio.run(crowd())
    assert Gated.batches[0] == 1 or Gated.batches[0] == 8
    assert max(Gated.batches) == 8
    assert sum(Gated.batches) == 18


def test_a_huge_post_shares_its_batch_with_few(gated: Callable[..., Checker]) -> None:
    checker = gated(batch_characters=100)

    async def crowd() -> None:
        await checker.check([Post("a", "x" * 90), Post("b", "x" * 90), Post("c", "x"), Post("d", "x")])

    asyncio.run(crowd())
    assert Gated.batches == [2, 2]


def test_a_spent_budget_drops_what_still_waits(gated: Callable[..., Checker]) -> None:
    checker = gated()
    Gated.gate.clear()

    async def impatient() -> None:
        with pytest.raises(TooSlow):
            await checker.check(posts(1), budget=0.2)
        with pytest.raises(TooSlow):
            await checker.check(posts(3), budget=0.05)
        Gated.gate.set()
        await checker.check(posts(1))

    asyncio.run(impatient())
    assert Gated.batches == [1, 1]


def test_a_post_that_breaks_the_engine_breaks_no_other(gated: Callable[..., Checker]) -> None:
    checker = gated()
    Gated.gate.clear()

    async def crowd() -> list[object]:
        first = asyncio.create_task(checker.check(posts(1)))
        await asyncio.sleep(0.1)
        texts = [TALK, "poison", TALK]
        rest = [asyncio.create_task(checker.check([Post("", text)])) for text in texts]
        await asyncio.sleep(0.1)
        Gated.gate.set()
        return await asyncio.gather(first, *rest, return_exceptions=True)

    outcomes = asyncio.run(crowd())
    assert [isinstance(each, list) for each in outcomes] == [True, True, False, True]
    assert isinstance(outcomes[2], Unchecked)
    assert checker.ready


def test_an_engine_that_cannot_load_is_not_ready_and_answers_nobody_late() -> None:
    def broken(_: object) -> Detector:
        raise OSError("no weights")

    hook, threading.excepthook = threading.excepthook, lambda _: None
    try:
        checker = start_checker({"default": load_policy()}, "default", engine=broken)
        wait_until(lambda: not any(thread.is_alive() for thread in checker.lanes["default"]._threads))
    finally:
        threading.excepthook = hook
    assert not checker.ready
    with pytest.raises(Overloaded):
        asyncio.run(checker.check(posts(1)))


def test_over_http_a_full_queue_is_429_and_the_service_recovers(gated: Callable[..., Checker]) -> None:
    checker = gated(posts=4)
    patient = {"budget_ms": 60_000}  # on a busy machine what was taken would be given up as too slow
    with serving(checker, native=patient) as server, ThreadPoolExecutor(12) as pool:
        Gated.gate.clear()
        before = len(Gated.batches)
        calls = [pool.submit(server.client.post, "/v1/check", json={"text": TALK})]
        wait_until(lambda: len(Gated.batches) > before)  # the engine has taken one and takes no more
        calls += [pool.submit(server.client.post, "/v1/check", json={"text": TALK}) for _ in range(11)]
        wait_until(lambda: sum(call.done() for call in calls) >= 7)
        Gated.gate.set()
        answers = [call.result() for call in calls]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert {answer.status_code for answer in answers} == {200, 429}
        assert len(refused) >= 7
        assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
        assert refused[0].json()["error"]["code"] == "overloaded"
        assert server.client.post("/v1/check", json={"text": ADVICE}).status_code == 200
        assert server.metric("detector_failures_total", adapter="native", reason="overloaded", answered="error") >= 7


def test_what_was_taken_is_answered_before_the_end(gated: Callable[..., Checker]) -> None:
    checker = gated()
    Gated.gate.clear()

    async def stop() -> list[Checked]:
        running = asyncio.create_task(checker.check(posts(20)))
        await asyncio.sleep(0.1)
        ending = asyncio.create_task(checker.close(seconds=10))
        await asyncio.sleep(0.1)
        with pytest.raises(Overloaded):
            await checker.check(posts(1))
        Gated.gate.set()
        await ending
        return await running

    started = time.monotonic()
    assert len(asyncio.run(stop())) == 20
    assert time.monotonic() - started < 10


LOADING_TOGETHER = """
from detector.policy import load_policy
from detector.service.checker import start_checker
from detector.service.settings import Queue
import time
policies = {name: load_policy(name) for name in ("default", "eu_mar", "uk_advice")}
checker = start_checker(policies, "default", queue=Queue(engines=0))
while not checker.ready:
    time.sleep(0.01)
"""


def test_engines_that_load_together_do_not_crash_the_process() -> None:
    """In a process of its own: what crashed happens only the first time, and takes the process with it."""
    subprocess.run([sys.executable, "-c", LOADING_TOGETHER], check=True, timeout=300)
