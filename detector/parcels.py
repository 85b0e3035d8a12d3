"""Posts, and what was found in them, on their way between processes: as MessagePack, at half the cost of pickle."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

import msgspec

from detector.finding import Finding
from detector.post import Post
from detector.reading import DisclaimerReading
from detector.suppressions import Suppressed

T = TypeVar("T")

Findings = tuple[
    tuple[Finding, ...], tuple[DisclaimerReading, ...], str, bool, float | None, tuple[Suppressed, ...]
]  # what is known of a post, in the order of `Checked`


@dataclass(frozen=True, slots=True)
class Parcel(Generic[T]):
    """Values of one type, which pickle takes as one string of bytes."""

    values: Sequence[T]

    def __reduce__(self) -> tuple[Callable[..., Parcel[T]], tuple[Any, ...]]:
        """Pack; what MessagePack cannot hold (half a surrogate pair in a text, a huge number) pickle can."""
        try:
            return _unpacked, (isinstance(next(iter(self.values), None), Post), _ENCODER.encode(self.values))
        except (TypeError, ValueError, OverflowError):
            return _unpickled, (pickle.dumps(self.values),)


def _unpacked(posts: bool, data: bytes) -> Parcel[Any]:  # noqa: FBT001 (as pickle passes it)
    return Parcel(_decoder(posts=posts).decode(data))


def _unpickled(data: bytes) -> Parcel[Any]:
    return Parcel(pickle.loads(data))  # noqa: S301 (written by ourselves, a moment ago)


_ENCODER = msgspec.msgpack.Encoder()


@cache
def _decoder(*, posts: bool) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(list[Post] if posts else list[Findings])
