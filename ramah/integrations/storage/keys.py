"""Names of objects: the organisation, two digits that spread the folders, and the content's sha256."""

from __future__ import annotations

import re

_SHA256 = re.compile(r"[0-9a-f]{64}")
_SEGMENT = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}"
_KEY = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT}){{0,7}}")


def content_key(organisation_id: str, sha256: str) -> str:
    """The name of a content within an organisation: the same bytes are stored once there, and shared with nobody else.

    Raises ValueError for what is no sha256 in lower-case hexadecimal, or no id."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError("a sha256 is 64 lower-case hexadecimal digits")
    return checked_key(f"{organisation_id}/{sha256[:2]}/{sha256}")


def checked_key(key: str) -> str:
    """The same key. Raises ValueError for one that could leave its folder or that some place cannot take."""
    if len(key) > 400 or not _KEY.fullmatch(key):
        raise ValueError(f"not a name for an object: {key[:80]!r}")
    return key
