"""Fixtures that more than one test folder uses."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from postgres_server import PostgresServer, running_server

# A deadline measures the machine, not the code: growth tests of their own watch for what gets slow.
settings.register_profile("no deadline", deadline=None)
# CI judges every change by the same examples; new ones are looked for wherever else the tests run, and by `FUZZ`.
settings.register_profile("same examples", deadline=None, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "no deadline"))

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The public posts beside the checkout; tests that need them are marked `shared`."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs ../shared beside the checkout")
    return folder


@pytest.fixture(scope="session")
def program() -> Callable[[str], str]:
    """Find a system program that a test drives: `program("nvim")` is its path.

    A developer's machine may lack it; where `DETECTOR_TEST_PROGRAMS=all` (CI, which installs them), that is a failure.
    """

    def find(name: str) -> str:
        path = shutil.which(name) or next(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), None)
        if path is not None:
            return path
        message = f"needs the system program `{name}`: .ci/run says how to install it"
        if os.environ.get("DETECTOR_TEST_PROGRAMS") == "all":
            pytest.fail(message)
        pytest.skip(message)

    return find


@pytest.fixture(scope="session")
def postgres_server(program: Callable[[str], str]) -> Iterator[PostgresServer]:
    """A PostgreSQL server of the tests' own; `.database()` is the URL of an empty database."""
    with running_server(program) as server:
        yield server
