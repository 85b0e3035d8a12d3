"""The HTTP door: one engine behind thin protocol adapters and pages. Needs the `service` extra."""
