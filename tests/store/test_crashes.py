"""Nothing acknowledged is ever lost: killed processes, a crashed server, writers in each other's way."""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from signal import SIGQUIT

import pytest
from postgres_server import PostgresServer, running_server
from store_samples import check, decision

from detector.service.store import log
from detector.service.store.store import Store

ROUNDS = 4
WRITERS, EACH = 4, 15
FOREVER = Path(__file__).with_name("decide_forever.py")


def killed_after(url: str, name: str, seconds: float) -> dict[int, str]:
    """Let a process decide, kill it in the middle of something; what it had acknowledged."""
    command = [sys.executable, str(FOREVER), url, name]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout as out:
        first = out.readline()  # it is up
        timer = threading.Timer(seconds, process.kill)
        timer.start()
        lines = [first, *out]
        timer.join()
    process.wait(30)
    whole = [line for line in lines if line.endswith("\n")]
    return {int(seq): name for seq, name in map(str.split, whole)}


def test_kill_loses_no_acknowledged_decision(open_store: Callable[..., Store], url: str) -> None:
    chance, acknowledged, unsaid = random.Random(7), {}, 0  # noqa: S311 (when to kill, not a secret)
    for number in range(ROUNDS):
        acknowledged |= killed_after(url, f"run{number}", chance.uniform(0.01, 0.6))
        store = open_store()
        chain = log.prove(store.database)
        assert chain.broken is None
        assert log.stale(store.database) == []
        held = {entry.seq: entry.post_id for entry in log.entries(store.database)}
        assert acknowledged.items() <= held.items()
        unsaid = len(held) - len(acknowledged)
    assert len(acknowledged) > ROUNDS
    assert unsaid <= ROUNDS  # at most the one that was being said when each process died


def test_writers_in_each_others_way_make_one_chain(open_store: Callable[..., Store], url: str) -> None:
    """Threads of one process through one store, and through stores of their own as processes would."""
    shared = open_store()

    def write(number: int) -> list[int]:
        store = shared if number % 2 else open_store()
        return [store.decide(decision(check(f"{number}-{each}"), reason=str(each))) for each in range(EACH)]

    with ThreadPoolExecutor(WRITERS) as pool:
        numbers = [seq for seqs in pool.map(write, range(WRITERS)) for seq in seqs]
    assert sorted(numbers) == list(range(1, WRITERS * EACH + 1))
    assert log.prove(shared.database).entries == WRITERS * EACH
    assert log.prove(shared.database).broken is None
    assert log.stale(shared.database) == []
    assert url


def test_processes_that_open_a_new_store_at_once(url: str) -> None:
    command = [
        sys.executable,
        "-c",
        "import sys; from detector.service.store.store import Store; Store.open(sys.argv[1])",
    ]
    processes = [subprocess.Popen([*command, url], stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for process in processes:
        _, complaint = process.communicate(timeout=60)
        assert process.returncode == 0, complaint


@pytest.fixture
def own_server(program: Callable[[str], str]) -> Iterator[PostgresServer]:
    with running_server(program) as server:
        yield server


def test_a_crashed_server_loses_no_acknowledged_decision(own_server: PostgresServer) -> None:
    url = own_server.database()
    store = Store.open(url)
    store.record([check(number) for number in range(3)])
    acknowledged = [store.decide(decision(check(number))) for number in range(30)]
    own_server.stop(SIGQUIT)
    store.close()
    time.sleep(0.1)
    own_server.start()
    again = Store.open(url)
    assert log.prove(again.database).broken is None
    assert [entry.seq for entry in log.entries(again.database)] == acknowledged
    again.close()
