"""One engine for all servers of these tests: loading it takes longer than most tests."""

from collections.abc import Iterator

import pytest
from running_server import KEY, Running, serving, wait_until

from detector.policy import load_policy
from detector.service.checker import Checker, start_checker


@pytest.fixture(scope="session")
def checker() -> Iterator[Checker]:
    checker = start_checker({name: load_policy(name) for name in ("default", "eu_mar")}, "default")
    wait_until(lambda: checker.ready)
    yield checker
    for lane in checker.lanes.values():
        lane.close()
        lane.join(10)


@pytest.fixture(scope="module")
def server(checker: Checker) -> Iterator[Running]:
    with serving(checker, keys={"tests": KEY}, policies=["eu_mar"]) as running:
        running.client.headers["authorization"] = f"Bearer {KEY}"
        yield running


@pytest.fixture(scope="module")
def open_server(checker: Checker) -> Iterator[Running]:
    """As on a writer's own machine: no keys."""
    with serving(checker) as running:
        yield running
