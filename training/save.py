"""Write a model folder: the same arrays and card always give the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.pipeline.model import CARD, VERSION, WEIGHTS
from detector.policy import THOROUGH

_FIXED_TIME = (2020, 1, 1, 0, 0, 0)


def save_model(folder: Path, arrays: Mapping[str, NDArray[Any]], card: Mapping[str, Any]) -> None:
    """Write weights and card; the card gets the weights' checksum."""
    folder.mkdir(parents=True, exist_ok=True)
    data = archive(arrays)
    (folder / WEIGHTS).write_bytes(data)
    full = {"version": VERSION, "sha256": hashlib.sha256(data).hexdigest(), **card}
    (folder / CARD).write_text(json.dumps(full, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def drop_thorough(folder: Path) -> None:
    """Remove the thorough model of a folder: it built on weights that stand there no more."""
    shutil.rmtree(folder / THOROUGH, ignore_errors=True)


def archive(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Arrays as an `.npz` without the time of writing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as parts:
        for name in sorted(arrays):
            part = io.BytesIO()
            np.lib.format.write_array(part, np.ascontiguousarray(arrays[name]), version=(1, 0), allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", _FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            parts.writestr(info, part.getvalue())
    return buffer.getvalue()
