"""Contacts as a file for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator

from console.spreadsheet import lines_of
from ramah.desk.contact_book import every_contact
from ramah.people import Contact
from ramah.store import Database

COLUMNS = (
    "first_name", "last_name", "profile_name", "phone", "email", "policy_number", "plate", "language", "created_at",
)  # fmt: skip
TOGETHER = 500


def csv_rows(database: Database, organisation_id: str, search: str) -> Iterator[str]:
    """The file in pieces: the heading, then some rows at a time."""
    yield lines_of([COLUMNS])
    for some in _batches(every_contact(database, organisation_id, search)):
        yield lines_of([tuple(_cell(contact, name) for name in COLUMNS) for contact in some])


def _cell(contact: Contact, name: str) -> str:
    value = getattr(contact, name)
    if value is None:
        return ""
    return value.isoformat(timespec="seconds") if name == "created_at" else str(value)


def _batches(contacts: Iterator[Contact]) -> Iterator[list[Contact]]:
    while some := [contact for contact, _ in zip(contacts, range(TOGETHER), strict=False)]:
        yield some
