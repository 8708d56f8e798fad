"""What people may write about a contact, and what it must look like."""

from __future__ import annotations

import re

from ramah.booking.extract.phone import find_phone
from ramah.lib.errors import BadInput

FIELDS = {
    "first_name": 140,
    "last_name": 140,
    "phone": 20,
    "email": 200,
    "policy_number": 40,
    "plate": 20,
    "language": 2,
}
"""What staff may correct, and how long it may be."""
LANGUAGES = frozenset({"id", "ms", "en"})
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def readable(field: str, written: str, country: str) -> str | None:
    """The value of a field as it is kept; None for empty. Numbers without a country code are of ``country``.

    Raises BadInput, with the field as its code, for what cannot stand there."""
    value = " ".join(written.split())
    if not value:
        return None
    if field == "phone":
        value = _phone(value, country)
    if field == "plate":
        value = value.upper()
    wrong = len(value) > FIELDS[field]
    wrong = wrong or (field == "email" and not EMAIL.fullmatch(value))
    wrong = wrong or (field == "language" and value not in LANGUAGES)
    if wrong:
        raise BadInput(f"this cannot be the {field}", code=field)
    return value


def _phone(value: str, country: str) -> str:
    found = find_phone(value, "MY" if country == "MY" else "ID")
    if found is None:
        raise BadInput("this is no phone number", code="phone")
    return found.e164
