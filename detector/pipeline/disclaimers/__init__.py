"""The `disclaimers` component: finds every registered disclaimer in a post and says what became of it."""

from detector.pipeline.disclaimers.component import Disclaimers, make_disclaimers

__all__ = ["Disclaimers", "make_disclaimers"]
