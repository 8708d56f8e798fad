"""Customers in pages, found by name and number."""

from __future__ import annotations

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from ramah.people.models import Contact

PAGE = 50


def contact_page(session: Session, search: str, after: str, most: int = PAGE) -> tuple[list[Contact], str | None]:
    """A page in the order of their ids, and the id to go on after. One statement."""
    statement = select(Contact).where(Contact.id > after).order_by(Contact.id)
    if search.strip():
        name = func.coalesce(Contact.first_name, "") + " " + func.coalesce(Contact.last_name, "")
        parts = (name, Contact.profile_name, Contact.phone)
        statement = statement.where(or_(*(part.icontains(search.strip(), autoescape=True) for part in parts)))
    found = list(session.scalars(statement.limit(most + 1)))
    return found[:most], found[most - 1].id if len(found) > most else None
