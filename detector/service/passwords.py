"""Passwords: hashed with Argon2id, compared in the same time for users who exist and users who do not."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from detector.errors import ConfigError

SHORTEST = 12  # characters; length is what counts (NIST SP 800-63B, 5.1.1.2)
LONGEST = 1_024  # hashing is dear, and its cost grows with length
_HASHER = PasswordHasher()  # RFC 9106's second recommended option: 64 MiB, 3 passes
_NOBODY = _HASHER.hash("")


def hash_password(password: str) -> str:
    """The hash to store. Raises `ConfigError` for a password that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise ConfigError("password", f"a password has {SHORTEST} to {LONGEST} characters")
    return _HASHER.hash(password)


def matches(password: str, stored: str | None) -> bool:
    """Whether it is the one; takes as long when there is nothing to compare with."""
    try:
        _HASHER.verify(stored or _NOBODY, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
