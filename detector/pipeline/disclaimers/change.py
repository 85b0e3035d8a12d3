"""One edit, in view offsets."""

from __future__ import annotations

from typing import NamedTuple

from detector.finding import EditClass


class Change(NamedTuple):
    """An edit in view offsets; `expected` is the registered wording."""

    edit_class: EditClass
    start: int
    end: int
    expected: str
    changes_meaning: bool
