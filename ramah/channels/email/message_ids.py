"""Message-IDs: what names a mail everywhere (RFC 5322, 3.6.4), ours and other people's."""

from __future__ import annotations

import hashlib
import re

LONGEST = 190
"""Columns hold 200 characters; RFC 5322 allows ids of nearly a thousand."""
_ID = re.compile(r"<\s*([^<>\s]{1,950})\s*>")
_PLAIN_REFERENCE = re.compile(r"[A-Za-z0-9._~-]{1,100}")
_OWN = re.compile(r"<ramah\.([A-Za-z0-9._~-]{1,100})@([^<>\s]{1,255})>")
_HASHED = "sha256:"


def ids_in(value: str) -> list[str]:
    """The ids in a field, with their angle brackets; in ``References`` oldest first."""
    return [f"<{found}>" for found in _ID.findall(value)]


def stored_form(message_id: str) -> str:
    """An id as rows hold it: itself, or the hash of one that is too long."""
    return message_id if len(message_id) <= LONGEST else hashed(message_id.encode())


def hashed(content: bytes) -> str:
    """A stable id for what has none."""
    return _HASHED + hashlib.sha256(content).hexdigest()


def is_hash(stored: str) -> bool:
    """Whether ``hashed`` made it."""
    return stored.startswith(_HASHED)


def is_named(stored: str | None) -> bool:
    """Whether a stored id is one that other mail programs know."""
    return stored is not None and _ID.fullmatch(stored) is not None


def own_id(reference: str, domain: str) -> str:
    """The id of a mail of ours: the same for each try, so that a mail system which sees both keeps one."""
    plain = _PLAIN_REFERENCE.fullmatch(reference) is not None
    return f"<ramah.{reference if plain else hashlib.sha256(reference.encode()).hexdigest()[:40]}@{domain}>"


def reference_in(message_id: str, domain: str) -> str | None:
    """Our own reference, where ``own_id`` made the id for this domain."""
    match = _OWN.fullmatch(message_id)
    return match.group(1) if match is not None and match.group(2).lower() == domain.lower() else None


def own_ids_in(text: str, domain: str) -> list[str]:
    """All ids of ours that stand somewhere in a text."""
    return [found.group(0) for found in _OWN.finditer(text) if found.group(2).lower() == domain.lower()]
