"""Secrets at rest: small mappings encrypted with Fernet (AES-128-CBC with HMAC)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken

from ramah.lib.errors import SettingsError


def seal(values: Mapping[str, str], key: bytes) -> str:
    """Encrypt a mapping to text."""
    return Fernet(key).encrypt(json.dumps(dict(values)).encode()).decode()


def unseal(sealed: str | None, key: bytes) -> dict[str, str]:
    """Decrypt what ``seal`` made; an absent value is an empty mapping.

    Raises SettingsError when the key is not the one it was sealed with.
    """
    return dict(_opened(sealed, key)) if sealed else {}


@lru_cache(maxsize=1024)
def _opened(sealed: str, key: bytes) -> dict[str, str]:
    """Opened once: each webhook needs the same few again, and new secrets are another text."""
    try:
        opened = json.loads(Fernet(key).decrypt(sealed.encode()))
    except InvalidToken as error:
        raise SettingsError("stored secrets were sealed with another RAMAH_SECRET_KEY; restore it") from error
    return {str(name): str(value) for name, value in opened.items()}
