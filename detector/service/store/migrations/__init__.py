"""How the tables came to be, step by step (Alembic); applied when a store is opened."""
