"""Colleagues: who may be given a conversation, and who gives it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramah.lib.errors import NotFound
from ramah.people import Staff


@dataclass(frozen=True)
class Operator:
    """Somebody who works at the desk, and whether they may take a conversation from a colleague."""

    staff_id: str
    may_take_from_others: bool = False


@dataclass(frozen=True)
class Colleague:
    """A person of the staff as pickers show them."""

    id: str
    name: str


def colleagues(session: Session) -> list[Colleague]:
    """Everybody active, by name. One query."""
    rows = session.execute(select(Staff.id, Staff.name).where(Staff.active).order_by(func.lower(Staff.name)))
    return [Colleague(row[0], row[1]) for row in rows]


def active_colleague(session: Session, staff_id: str) -> Staff:
    """Raises NotFound for somebody who is not there (any more)."""
    found = session.scalar(select(Staff).where(Staff.id == staff_id, Staff.active))
    if found is None:
        raise NotFound("There is no such colleague.")
    return found


def name_of(session: Session, staff_id: str) -> str:
    """The name of a person of the staff; empty for somebody unknown."""
    return session.scalar(select(Staff.name).where(Staff.id == staff_id)) or ""


def holder_name(session: Session, staff_id: str | None) -> str:
    """How to call whoever has a conversation, also where that is nobody whom we know."""
    return (name_of(session, staff_id) if staff_id else "") or "a colleague"
