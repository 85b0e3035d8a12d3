"""A policy as it travels to executors, which do not have the driver's files."""

from __future__ import annotations

import atexit
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from detector.policy import POLICY_FILE, Policy, load_policy


@dataclass(frozen=True, slots=True)
class Parcel:
    """A policy as JSON, and the disclaimer texts that stand beside it, by file name."""

    policy: bytes
    disclaimers: tuple[tuple[str, bytes], ...] = ()


def pack(policy: Policy | str | Path) -> Parcel:
    """Read all that the policy consists of. Raises `ConfigError`."""
    policy = policy if isinstance(policy, Policy) else load_policy(policy)
    folder = policy.disclaimer_folder
    texts = sorted(folder.glob("*.toml")) if folder else []
    return Parcel(msgspec.json.encode(policy), tuple((path.name, path.read_bytes()) for path in texts))


def unpack(parcel: Parcel) -> Policy:
    """The same policy; its disclaimer texts lie in a folder that goes with the process."""
    policy = msgspec.json.decode(parcel.policy, type=Policy)
    if not parcel.disclaimers:
        return policy
    folder = TemporaryDirectory(prefix="detector-policy-", ignore_cleanup_errors=True)
    atexit.register(folder.cleanup)
    texts = Path(folder.name) / "disclaimers"
    texts.mkdir()
    for name, content in parcel.disclaimers:
        (texts / name).write_bytes(content)
    return msgspec.structs.replace(policy, path=str(texts.parent / POLICY_FILE))
