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
from pathlib import Path

import httpx

SCRIPT = Path(__file__).with_name("load.lua")
QUEUE = 64


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
            print(f"ready after {time.monotonic() - started:.2f} s")
            return found[1]
        time.sleep(0.02)
    raise SystemExit(log.read_text())


def memory(pid: int) -> float:
    """Resident megabytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def wrk(url: str, posts: Path, *, connections: int, seconds: int) -> dict[str, float]:
    """One run of wrk, as its numbers."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "5s", "-s", str(SCRIPT), url]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | {"POSTS": str(posts)})
    return json.loads(done.stdout.splitlines()[-1])


def show(name: str, run: dict[str, float], pid: int) -> None:
    answered = run["requests"] - run["not_2xx"]
    print(
        f"{name:28} {answered / run['seconds']:7.0f} answered/s {run['not_2xx'] / run['seconds']:7.0f} refused/s "
        f"p50 {run['p50_ms']:7.1f} ms  p99 {run['p99_ms']:7.1f} ms  timeouts {run['timeouts']:.0f}  "
        f"broken {run['broken']:.0f}  {memory(pid):6.0f} MB  load {os.getloadavg()[0]:.1f}",
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
    seconds = arguments.seconds
    show("warm-up", wrk(url, posts, connections=4, seconds=min(seconds, 5)), pid)
    for connections in (1, 2, 4, 8, 16, 32):
        show(f"{connections} connections", wrk(url, posts, connections=connections, seconds=seconds), pid)
    for times in (2, 10):
        name = f"overload {times}x the queue"
        show(name, wrk(url, posts, connections=times * QUEUE + 64, seconds=seconds), pid)
    show("after overload, 4", wrk(url, posts, connections=4, seconds=seconds), pid)
    with slow_loris(url, 500) as ended:
        show("beside 500 slow-loris, 4", wrk(url, posts, connections=4, seconds=seconds), pid)
    print(f"slow-loris connections ended by the server: {ended[0]} of 500")
    with server(DETECTOR_SERVICE_LIMITS__BODY_SECONDS="120") as (patient, patient_pid):
        show("patient server, 4", wrk(patient, posts, connections=4, seconds=seconds), patient_pid)
        with idle(patient, arguments.idle) as number:
            show(f"beside {number} idle, 4", wrk(patient, posts, connections=4, seconds=seconds), patient_pid)
    for minute in range(arguments.soak // 60):
        show(f"soak, minute {minute + 1}, 8", wrk(url, posts, connections=8, seconds=60), pid)


if __name__ == "__main__":
    main()
