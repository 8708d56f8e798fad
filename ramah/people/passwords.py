"""Passwords: Argon2id with the library's defaults (RFC 9106, low-memory profile)."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()
# Verified when the address is unknown, so that the answer takes as long as for a known one.
_DECOY = _HASHER.hash("nobody has this password")
NO_PASSWORD = ""
"""The stored hash of somebody who is invited and has not chosen a password."""


def hash_password(password: str) -> str:
    """The hash to store. Takes a few hundred milliseconds on purpose; run it in a thread."""
    return _HASHER.hash(password)


def is_right(password: str, stored_hash: str | None) -> bool:
    """Whether the password fits; as slow for nobody, and for somebody who has none yet, as for anybody else."""
    try:
        return _HASHER.verify(stored_hash or _DECOY, password) and bool(stored_hash)
    except (VerificationError, InvalidHashError):
        return False
