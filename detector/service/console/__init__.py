"""The review console: what its pages share."""
