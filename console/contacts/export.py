"""Contacts as a file for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from ramah.desk.contact_book import every_contact
from ramah.lib.spreadsheets import harmless
from ramah.people import Contact
from ramah.store import Database

COLUMNS = (
    "first_name", "last_name", "profile_name", "phone", "email", "policy_number", "plate", "language", "created_at",
)  # fmt: skip
TOGETHER = 500


def csv_rows(database: Database, organisation_id: str, search: str) -> Iterator[str]:
    """The file in pieces: the heading, then some rows at a time."""
    yield _lines([COLUMNS])
    for some in _batches(every_contact(database, organisation_id, search)):
        yield _lines([tuple(_cell(contact, name) for name in COLUMNS) for contact in some])


def _cell(contact: Contact, name: str) -> str:
    value = getattr(contact, name)
    if value is None:
        return ""
    return value.isoformat(timespec="seconds") if name == "created_at" else harmless(str(value))


def _lines(rows: list[tuple[str, ...]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()


def _batches(contacts: Iterator[Contact]) -> Iterator[list[Contact]]:
    while some := [contact for contact, _ in zip(contacts, range(TOGETHER), strict=False)]:
        yield some
