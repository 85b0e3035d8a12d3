"""The moderation hook: one engine behind thin protocol adapters."""
