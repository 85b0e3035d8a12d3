"""The posts that pytest-benchmark times every stage on."""

from pathlib import Path

import pytest

from benchmarks.case import Case, make_case

POSTS = 1_000


@pytest.fixture(scope="session")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder: Path = tmp_path_factory.mktemp("case")
    return make_case(folder, POSTS)
