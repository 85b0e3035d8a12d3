"""What an author can do about a finding: changes that were tried and checked before they are offered."""

from detector.fixes.making import fixes_for
from detector.fixes.offer import Action, Check, Offer, apply

__all__ = ["Action", "Check", "Offer", "apply", "fixes_for"]
