"""How the readers' tests read: samples by name, and files made on the spot."""

from pathlib import Path
from typing import Any

from detector.post import Post, Rejected
from detector.readers import read

SAMPLES = Path(__file__).parent / "samples"


def posts(*names: str, private: bool = False) -> list[Post]:
    found = read([SAMPLES / name for name in names], private_messages=private)
    return [post for post in found if isinstance(post, Post)]


def left_out(name: str) -> list[str]:
    return [found.reason for found in read([SAMPLES / name]) if isinstance(found, Rejected) and found.left_out]


def read_file(folder: Path, name: str, data: str | bytes, **options: Any) -> list[Post | Rejected]:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return list(read([path], **options))


def fields(found: list[Post], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(getattr(post, name) for name in names) for post in found]
