"""Whom a row is about: somebody in the book with the same number, e-mail or policy, or nobody yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from ramah.desk.importing.rows import Row
from ramah.people import Contact

FACTS = ("phone", "email", "policy_number")


class Book:
    """The contacts that some rows may be about, and those that they add. A fixed number of queries."""

    def __init__(self, session: Session, rows: Sequence[Row]) -> None:
        self._by_fact: dict[tuple[str, str], dict[str, Contact]] = defaultdict(dict)
        for contact in self._read(session, rows):
            self.add(contact)

    def add(self, contact: Contact) -> None:
        """Later rows may be about them too."""
        for name in FACTS:
            value = getattr(contact, name)
            if value:
                self._by_fact[name, value.lower()][contact.id] = contact

    def about(self, row: Row) -> list[Contact]:
        """Everybody whom one of the row's facts names."""
        facts = ((name, row.values[name].lower()) for name in FACTS if name in row.values)
        found = {key: contact for fact in facts for key, contact in self._by_fact.get(fact, {}).items()}
        return list(found.values())

    def _read(self, session: Session, rows: Sequence[Row]) -> Iterable[Contact]:
        wanted = {name: {row.values[name].lower() for row in rows if name in row.values} for name in FACTS}
        alike = [func.lower(getattr(Contact, name)).in_(wanted[name]) for name in FACTS if name != "phone"]
        return session.scalars(select(Contact).where(or_(Contact.phone.in_(wanted["phone"]), *alike)))
