"""Fixtures that more than one test folder uses."""

from pathlib import Path

import pytest
from hypothesis import settings

# A deadline measures the machine, not the code: growth tests of their own watch for what gets slow.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

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
