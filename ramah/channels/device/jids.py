"""WhatsApp's own addresses (JID): people by number, people who hide it (LID), and everything that is no person.

``60123456789@s.whatsapp.net`` and ``...@c.us`` are people, ``...@lid`` is a person without a number, ``...@g.us`` a
group, ``...@broadcast`` a story or list, ``...@newsletter`` a channel. A LID looks like a number and is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ramah.channels.content import Sender

HIDDEN = "lid"
_PEOPLE = frozenset({"s.whatsapp.net", "c.us"})
_DIGITS = re.compile(r"[0-9]{5,20}")


def phone_of(address: str | None) -> str | None:
    """The digits of a person's number, from a JID or bare digits; None for a hidden number and for no person."""
    user, domain = _parts(address)
    if domain and domain not in _PEOPLE:
        return None
    return user if _DIGITS.fullmatch(user) else None


def hidden_of(address: str | None) -> str | None:
    """The LID of a person who hides the number, as an address; None for anything else."""
    user, domain = _parts(address)
    return f"{user}@{HIDDEN}" if domain == HIDDEN and _DIGITS.fullmatch(user) else None


def is_nobody(address: str | None) -> bool:
    """Whether this is a group, a story, a list or a channel."""
    domain = _parts(address)[1]
    return bool(domain) and domain not in _PEOPLE and domain != HIDDEN


def person(addresses: Iterable[str | None], name: str | None = None) -> Sender | None:
    """The person behind the addresses that a message names: by number where one is told, else by LID."""
    known = [address for address in addresses if address]
    phone = next(filter(None, map(phone_of, known)), None)
    if phone is not None:
        return Sender(platform_id=phone, name=name, phone=f"+{phone}")
    hidden = next(filter(None, map(hidden_of, known)), None)
    return Sender(platform_id=hidden, name=name) if hidden else None


def plus(address: str | None) -> str | None:
    """A person's number as E.164."""
    digits = phone_of(address)
    return f"+{digits}" if digits else None


def jid(recipient: str, domain: str = "s.whatsapp.net") -> str:
    """A recipient as a JID: digits get ``domain``, a LID stays."""
    return recipient if "@" in recipient else f"{recipient}@{domain}"


def _parts(address: str | None) -> tuple[str, str]:
    """User and domain. A device of a person is written ``60123:4@s.whatsapp.net`` or ``60123.0:4@...``."""
    user, _, domain = (address or "").strip().removeprefix("+").partition("@")
    return user.partition(":")[0].partition(".")[0], domain.lower()
