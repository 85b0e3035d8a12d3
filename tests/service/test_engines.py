"""Engines in processes of their own: what they say, how they die, and that they outlive nobody."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from running_server import ADVICE, TALK, wait_until

from detector.engine import Detector
from detector.policy import load_policy
from detector.post import Post
from detector.service.checker import Checker, start_checker
from detector.service.engines import ProcessEngine, Unchecked
from detector.service.settings import Queue

LIGHT = """
import sys
from detector.__main__ import add_doors
add_doors()
import detector.service.running
from detector.service.app import create_app
from detector.service.checker import Checker
from detector.service.settings import ServiceSettings
create_app(ServiceSettings(), checker=Checker("default"))
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""
KILLED = """
import os, signal
from detector.policy import load_policy
from detector.service.engines import ProcessEngine
engine = ProcessEngine(load_policy())
engine.load()
print(engine._process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
HEAVY = {"sqlalchemy", "alembic", "psycopg", "httpx", "rich", "jinja2", "argon2", "standardwebhooks"}
HEAVY |= {"spacy", "thinc", "numpy", "joblib", "sklearn", "scipy"}


def test_a_server_without_a_store_imports_neither_a_database_nor_an_engine() -> None:
    """What a cold start costs is mostly what it imports."""
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True, timeout=120)
    imported = set(done.stdout.split())
    assert "fastapi" in imported
    assert imported & HEAVY == set()


@pytest.fixture
def checker() -> Iterator[Checker]:
    checker = start_checker({"default": load_policy()}, "default", queue=Queue(engines=2, batch_posts=4))
    wait_until(lambda: checker.lanes["default"]._working == 2)
    yield checker
    asyncio.run(checker.close(seconds=30))


def processes(checker: Checker) -> set[int]:
    """Of this checker's engines, as far as they run."""
    engines = checker.lanes["default"].engines
    running = (engine._process for engine in engines if isinstance(engine, ProcessEngine))
    return {process.pid for process in running if process is not None and process.poll() is None}


def test_two_engines_say_what_one_says_in_the_order_of_the_posts(checker: Checker) -> None:
    posts = [Post(str(number), ADVICE if number % 3 else f"{TALK} {number}") for number in range(40)]
    checked = asyncio.run(checker.check(posts))
    assert [each.post.id for each in checked] == [post.id for post in posts]
    assert [each.findings for each in checked] == [findings for _, findings in Detector().check(posts)]
    assert checker.model_checksum == Detector().model.checksum


def test_an_engine_that_is_killed_is_started_anew_and_no_post_is_lost(checker: Checker) -> None:
    async def crowd() -> list[object]:
        running = [asyncio.create_task(checker.check([Post("", f"{ADVICE} {number}")])) for number in range(60)]
        await asyncio.sleep(0)
        for each in processes(checker):
            os.kill(each, signal.SIGKILL)
        return await asyncio.gather(*running, return_exceptions=True)

    before = processes(checker)
    outcomes = asyncio.run(crowd())
    # A post that was alone in its batch is given up, as it may be what killed the engine.
    assert sum(isinstance(each, list) for each in outcomes) >= 58
    assert all(isinstance(each, list | Unchecked) for each in outcomes)
    wait_until(lambda: len(processes(checker)) == 2 and not before & processes(checker))
    assert asyncio.run(checker.check([Post("", ADVICE)]))[0].findings


def test_an_engine_ends_with_whoever_started_it() -> None:
    done = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL
    process = Path(f"/proc/{int(done.stdout)}/cmdline")
    wait_until(lambda: not process.exists() or b"engine_process" not in process.read_bytes(), 30)


def test_a_batch_that_fails_leaves_the_engine_as_it_was() -> None:
    engine = ProcessEngine(load_policy())
    engine.load()
    with pytest.raises(Unchecked, match="AttributeError"):
        engine.examine(["no post"])  # type: ignore[list-item] # what no caller may do
    (checked,) = engine.examine([Post("", ADVICE)])
    assert checked.findings
    engine.close()
    engine.close()


def test_an_engine_that_cannot_load_says_so() -> None:
    engine = ProcessEngine("no policy")  # type: ignore[arg-type] # stands for whatever stops a process
    with pytest.raises(Unchecked):
        engine.load()
    engine.close()
