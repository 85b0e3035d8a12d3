"""What a database that does not answer raises."""

from __future__ import annotations


def database_errors() -> type[Exception]:
    """For `except`, which evaluates it only when something was raised: a service without a store, which is the one
    that has to start fast, never imports the database library."""
    from sqlalchemy.exc import SQLAlchemyError

    return SQLAlchemyError
