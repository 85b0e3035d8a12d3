"""The model that this package ships, and where it lies."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from detector.pipeline.model import Model

SHIPPED = Path(__file__).resolve().parent.parent / "model"


@cache
def shipped_model(folder: Path = SHIPPED) -> Model:
    """The model of a folder, loaded once a process."""
    return Model.load(folder)
