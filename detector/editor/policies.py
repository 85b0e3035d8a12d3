"""Which policy holds for a document: the settings' own, else the nearest policy file above it, else `default`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path

from detector.engine import Detector
from detector.errors import ConfigError
from detector.policy import load_policy, preset_names

FILES = ("detector.toml", ".detector.toml", "policy.toml")
KEPT = 4
Stamp = tuple[tuple[str, int], ...]


class Policies:
    """Detectors by policy; a changed policy file makes a new one. Not thread-safe, as its detectors are not."""

    def __init__(self) -> None:
        self._ready: OrderedDict[tuple[str, Stamp], Detector] = OrderedDict()

    def detector(self, policy: str) -> Detector:
        """The detector for a preset or a file, as authors' tools use it. Raises `ConfigError`."""
        key = policy, _stamp(policy)
        if key not in self._ready:
            self._ready[key] = Detector(load_policy(policy).for_authors())
            while len(self._ready) > KEPT:
                self._ready.popitem(last=False)
        self._ready.move_to_end(key)
        return self._ready[key]


def policy_for(document: Path | None, *, wanted: str, roots: Sequence[Path]) -> str:
    """The name or path of the policy for a document (None: it is not a file)."""
    root = next((each for each in roots if document is not None and each in document.parents), None)
    if wanted:
        return wanted if wanted in preset_names() else _in_workspace(wanted, root or next(iter(roots), None))
    if document is None:
        return "default"
    found = (folder / name for folder in _upward(document.parent, root) for name in FILES)
    return next((str(path) for path in found if path.is_file()), "default")


def is_policy_file(path: Path) -> bool:
    """Whether a file could be a policy that documents follow (or one of the platform's own disclaimers)."""
    return path.name in FILES or (path.suffix == ".toml" and path.parent.name == "disclaimers")


def _in_workspace(wanted: str, root: Path | None) -> str:
    path = Path(wanted).expanduser()
    return str(root / path) if root is not None and not path.is_absolute() else str(path)


def _upward(folder: Path, root: Path | None) -> Iterator[Path]:
    """The document's folder and those above it, up to the workspace's root; outside of one, just its own."""
    yield folder
    if root is None or folder == root:
        return
    for parent in folder.parents:
        yield parent
        if parent == root:
            return


def _stamp(policy: str) -> Stamp:
    """What changes whenever the policy's files do."""
    if policy in preset_names():
        return ()
    path = Path(policy)
    folder = path if path.is_dir() else path.parent
    try:
        files = [path / "policy.toml" if path.is_dir() else path, *sorted((folder / "disclaimers").glob("*.toml"))]
        return tuple((str(each), each.stat().st_mtime_ns) for each in files)
    except OSError as error:
        raise ConfigError(policy, error.strerror or "cannot be read") from error
