"""A compliance linter for investing communities: recommendations and disclaimers in posts."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detector.engine import Detector, load
    from detector.finding import Finding, Integrity, Severity
    from detector.policy import Policy, load_policy
    from detector.post import Post

__version__ = "0.1.0"
__all__ = ["Detector", "Finding", "Integrity", "Policy", "Post", "Severity", "load", "load_policy"]

HOMES = {
    "Detector": "detector.engine",
    "load": "detector.engine",
    "Finding": "detector.finding",
    "Integrity": "detector.finding",
    "Severity": "detector.finding",
    "Policy": "detector.policy",
    "load_policy": "detector.policy",
    "Post": "detector.post",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Import on first use, so that `import detector` pays for nothing it does not use."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)
