"""Every test of the store runs on both databases."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from detector.service.store.store import Store


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    return str(request.getfixturevalue("postgres_server").database())


@pytest.fixture
def open_store(url: str) -> Iterator[Callable[..., Store]]:
    """Open the store, as often as wanted."""
    opened = []

    def open_(**options: object) -> Store:
        opened.append(Store.open(url, **({"keep_text": True} | options)))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


@pytest.fixture
def store(open_store: Callable[..., Store]) -> Store:
    """A store that keeps text."""
    return open_store()
