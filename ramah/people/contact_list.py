"""Customers in pages, found by name and number."""

from __future__ import annotations

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from ramah.people.models import Contact
from ramah.store.trigrams import rows_with

PAGE = 50


def contact_page(session: Session, search: str, after: str, most: int = PAGE) -> tuple[list[Contact], str | None]:
    """A page in the order of their ids, and the id to go on after. One statement, one more with words to search for."""
    statement, search = select(Contact).where(Contact.id > after).order_by(Contact.id), search.strip()
    if search:
        likely = rows_with(session, Contact, search)
        statement = statement if likely is None else statement.where(Contact.id.in_(likely))
        name = func.coalesce(Contact.first_name, "") + " " + func.coalesce(Contact.last_name, "")
        parts = (name, Contact.profile_name, Contact.phone)
        statement = statement.where(or_(*(part.icontains(search, autoescape=True) for part in parts)))
    found = list(session.scalars(statement.limit(most + 1)))
    return found[:most], found[most - 1].id if len(found) > most else None
