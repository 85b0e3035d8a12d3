"""`detector serve` as a process: how it starts, refuses, logs and ends."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from running_server import ADVICE, wait_until

from detector.cli.exits import Exit


def start(*arguments: str | Path, **environment: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-m", "detector", "serve", *map(str, arguments)]
    environment = os.environ | environment
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    running = start("--port", "0", DETECTOR_SERVICE_LIMITS__DEPTH="4")
    yield running
    running.kill()
    running.communicate()


def address(process: subprocess.Popen[str]) -> str:
    """What the log says."""
    assert process.stderr is not None
    for line in process.stderr:
        found = re.search(r"running on (http://[^ ]+)", json.loads(line)["event"])
        if found:
            return found[1]
    raise AssertionError("the process ended")


def test_it_answers_logs_json_and_ends_with_what_it_took(process: subprocess.Popen[str]) -> None:
    with httpx.Client(base_url=address(process), timeout=60) as client:
        wait_until(lambda: client.get("/readyz").status_code == 200)
        assert client.post("/v1/check", json={"text": ADVICE}).json()["results"][0]["post"]["findings"]
        assert client.post("/v1/check?key=secret", json={"a": [[[[1]]]]}).json()["error"]["code"] == "too_deep"
    process.send_signal(signal.SIGTERM)
    started = time.monotonic()
    _, log = process.communicate(timeout=30)
    assert time.monotonic() - started < 15
    assert process.returncode == -signal.SIGTERM
    lines = [json.loads(line) for line in log.splitlines()]
    assert {line["logger"] for line in lines} >= {"detector.service.requests", "uvicorn.error"}
    assert "Traceback" not in log
    assert "NVDA" not in log
    assert "secret" not in log


@pytest.mark.parametrize(
    ("arguments", "environment", "complaint"),
    [
        (["--host", "0.0.0.0"], {}, "open to others, and there are no keys (set `keys`)"),  # noqa: S104
        ([], {"DETECTOR_SERVICE_PROT": "1"}, "did you mean `port`?"),
        ([], {"DETECTOR_SERVICE_POLICY": "mars"}, "no such policy"),
        (["--config", "missing.toml"], {}, "No such file"),
    ],
)
def test_mistakes_end_it_with_their_cure(arguments: list[str], environment: dict[str, str], complaint: str) -> None:
    out, err = start(*arguments, **environment).communicate(timeout=60)
    assert out == ""
    assert complaint in err
    assert "Traceback" not in err


def test_wrong_settings_are_wrong_usage() -> None:
    process = start("--host", "192.0.2.1")
    process.communicate(timeout=60)
    assert process.returncode == Exit.USAGE
