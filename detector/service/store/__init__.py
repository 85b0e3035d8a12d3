"""What the service remembers: checks, decisions, the evidence log, accounts; SQLite or PostgreSQL, the same code."""
