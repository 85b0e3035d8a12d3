"""Protocols that moderation pipelines speak, one file each with `routes(service)`; mounted by listing this folder."""
