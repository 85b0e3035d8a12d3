"""Load on a real server: throughput, overload, slow and idle clients, and memory over time. Needs `wrk`.

python -m benchmarks.load POSTS.jsonl [--seconds 20] [--soak 600] [--idle 10000]

POSTS.jsonl holds an object with `text` a line. wrk is a closed loop: each connection waits for its answer, so that the
number of connections sets the load; 2x and 10x are that many connections beyond the queue's size.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx

from benchmarks.processes import children, processor_seconds, resident_bytes

SCRIPT = Path(__file__).with_name("load.lua")
QUEUE = 64
BATCH = 64  # what an engine has taken no longer waits in the queue


@contextlib.contextmanager
def server(**environment: str) -> Iterator[tuple[str, int]]:
    """A server process; its address and process id."""
    settings = {"DETECTOR_SERVICE_PORT": "0", "DETECTOR_SERVICE_QUEUE__POSTS": str(QUEUE)} | environment
    with tempfile.NamedTemporaryFile("w+", suffix=".log") as log:
        process = subprocess.Popen([sys.executable, "-m", "detector", "serve"], stderr=log, env=os.environ | settings)
        try:
            yield address(Path(log.name), process), process.pid
        finally:
            process.terminate()
            process.wait(30)


def address(log: Path, process: subprocess.Popen[bytes]) -> str:
    """Where it listens, once it is ready."""
    started = time.monotonic()
    while process.poll() is None:
        found = re.search(r"running on (http://[^ ]+)", log.read_text())
        if found and httpx.get(f"{found[1]}/readyz").status_code == 200:
            seconds = time.monotonic() - started
            print(f"ready after {seconds:.2f} s, of which {processor(process.pid):.2f} s of processor", flush=True)
            return found[1]
        time.sleep(0.02)
    raise SystemExit(log.read_text())


def memory(pid: int) -> float:
    """Resident megabytes."""
    return resident_bytes(pid) / 1e6


def processor(pid: int) -> float:
    """Processor seconds of the server and its engines."""
    return sum(map(processor_seconds, (pid, *children(pid))))


def wrk(url: str, posts: Path, *, connections: int, seconds: int) -> dict[str, float]:
    """One run of wrk, as its numbers."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "5s", "-s", str(SCRIPT), url]
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, check=True, env=os.environ | {"POSTS": str(posts)}
    )
    return json.loads(done.stdout.splitlines()[-1])


def measure(name: str, url: str, posts: Path, *, pid: int, connections: int, seconds: int) -> None:
    """One run, as a line."""
    before = processor(pid)
    run = wrk(url, posts, connections=connections, seconds=seconds)
    each = 1000 * (processor(pid) - before) / max(run["requests"], 1)
    answered = run["requests"] - run["not_2xx"]
    print(
        f"{name:28} {answered / run['seconds']:7.0f} answered/s {run['not_2xx'] / run['seconds']:7.0f} refused/s "
        f"p50 {run['p50_ms']:7.1f} ms  p99 {run['p99_ms']:7.1f} ms  timeouts {run['timeouts']:.0f}  "
        f"broken {run['broken']:.0f}  {each:6.2f} ms of processor each  "
        f"{sum(map(memory, (pid, *children(pid)))):6.0f} MB  load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


@contextlib.contextmanager
def idle(url: str, number: int) -> Iterator[int]:
    """So many open connections that say nothing."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, number + 1_000), hard))
    host, _, port = url.removeprefix("http://").partition(":")
    with contextlib.ExitStack() as stack:
        for _ in range(number):
            stack.enter_context(socket.create_connection((host, int(port)), timeout=10))
        yield number
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextlib.contextmanager
def slow_loris(url: str, number: int) -> Iterator[list[int]]:
    """So many connections that send a header line a second; the list counts those that the server has ended."""
    host, _, port = url.removeprefix("http://").partition(":")
    ended, stop = [0], threading.Event()

    def trickle() -> None:
        with contextlib.ExitStack() as stack:
            connect = lambda: stack.enter_context(socket.create_connection((host, int(port)), timeout=10))  # noqa: E731
            open_ones = [connect() for _ in range(number)]
            for each in open_ones:
                each.sendall(b"POST /v1/check HTTP/1.1\r\nhost: localhost\r\n")
            while open_ones and not stop.wait(1):
                for each in list(open_ones):
                    try:
                        each.sendall(b"x-a: b\r\n")
                    except OSError:
                        open_ones.remove(each)
                        ended[0] += 1

    thread = threading.Thread(target=trickle)
    thread.start()
    yield ended
    stop.set()
    thread.join()


def main() -> None:
    """Run what was asked for, one line a run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("posts", type=Path)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--soak", type=int, default=0)
    parser.add_argument("--idle", type=int, default=10_000)
    arguments = parser.parse_args()
    with tempfile.NamedTemporaryFile("w", suffix=".bodies") as bodies, server() as (url, pid):
        for line in arguments.posts.read_text(encoding="utf-8").splitlines():
            bodies.write(json.dumps({"text": json.loads(line)["text"]}) + "\n")
        bodies.flush()
        run_all(url, pid, Path(bodies.name), arguments)


def run_all(url: str, pid: int, posts: Path, arguments: argparse.Namespace) -> None:
    """Everything against one server; only idle connections get another, which waits for them longer."""
    at = partial(measure, url=url, posts=posts, pid=pid, seconds=arguments.seconds)
    at("warm-up", connections=4)
    for connections in (1, 4, 16, 48):
        at(f"{connections} connections", connections=connections)
    for times in (2, 10):
        at(f"overload, {times}x the queue", connections=times * QUEUE + BATCH)
    at("after overload, 4", connections=4)
    with slow_loris(url, 500) as ended:
        at("beside 500 slow-loris, 4", connections=4, seconds=max(arguments.seconds, 15))
    print(f"slow-loris connections ended by the server: {ended[0]} of 500")
    with server(DETECTOR_SERVICE_LIMITS__BODY_SECONDS="300") as (patient, patient_pid):
        beside = partial(at, url=patient, pid=patient_pid, connections=4)
        beside("another server, 4")
        with idle(patient, arguments.idle) as number:
            beside(f"beside {number} idle, 4")
    for minute in range(arguments.soak // 60):
        at(f"soak, minute {minute + 1}, 16", connections=16, seconds=60)


if __name__ == "__main__":
    main()
