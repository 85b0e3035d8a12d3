"""The `disclaimers` component: finds every registered disclaimer in a post and says what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detector.pipeline.disclaimers.component import Disclaimers, make_disclaimers

__all__ = ["Disclaimers", "make_disclaimers"]


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Import on first use: only whoever asks for the component pays for spaCy."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from detector.pipeline.disclaimers import component

    return getattr(component, name)
