"""What Alembic runs: the migrations, on the connection and inside the transaction that the store gives."""

from __future__ import annotations

from alembic import context

from detector.service.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
