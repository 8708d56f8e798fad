"""Saved filters: a search under a name, for oneself or shared with all colleagues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from ramah.desk.list_filters import Filter
from ramah.desk.models import SavedFilter
from ramah.lib.errors import BadInput, NotFound
from ramah.store import Database

LONGEST_NAME = 60
MOST = 50
"""More than anybody can tell apart."""


@dataclass(frozen=True)
class FilterView:
    """A saved filter as the list offers it. ``query`` is what the list is asked for."""

    id: str
    name: str
    query: Mapping[str, str]
    shared: bool
    own: bool


def saved_filters(session: Session, staff_id: str) -> list[FilterView]:
    """This person's own and the shared ones, by name. One query."""
    rows = session.scalars(
        select(SavedFilter)
        .where(or_(SavedFilter.staff_id == staff_id, SavedFilter.shared))
        .order_by(func.lower(SavedFilter.name))
    )
    return [FilterView(row.id, row.name, row.query, row.shared, row.staff_id == staff_id) for row in rows]


def save_filter(
    database: Database, organisation_id: str, staff_id: str, name: str, wanted: Filter, *, shared: bool
) -> str:
    """Keep a search; one of the same name of this person is replaced. Returns its id; raises BadInput."""
    name = _readable(name)
    with database.tenant(organisation_id) as session:
        own = list(session.scalars(select(SavedFilter).where(SavedFilter.staff_id == staff_id)))
        row = next((one for one in own if one.name == name), None)
        if row is None and len(own) >= MOST:
            raise BadInput(f"you have {MOST} filters already; delete one first")
        row = row or SavedFilter(staff_id=staff_id, name=name)
        row.query, row.shared = wanted.query(), shared
        session.add(row)
        session.flush()
        return row.id


def rename_filter(
    database: Database, organisation_id: str, staff_id: str, filter_id: str, name: str, *, shared: bool
) -> None:
    """Give one's own filter another name, and say whether colleagues see it. Raises NotFound, BadInput for a name that
    cannot be one or that another filter of this person has."""
    name = _readable(name)
    with database.tenant(organisation_id) as session:
        own = list(session.scalars(select(SavedFilter).where(SavedFilter.staff_id == staff_id).with_for_update()))
        row = next((one for one in own if one.id == filter_id), None)
        if row is None:
            raise NotFound("There is no such filter of yours.")
        if any(one.name == name for one in own if one is not row):
            raise BadInput("you have a filter of this name already", code="taken")
        row.name, row.shared = name, shared


def _readable(name: str) -> str:
    name = " ".join(name.replace("\x00", "").split())
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(f"a filter has a name of 1 to {LONGEST_NAME} characters", code="name")
    return name


def delete_filter(database: Database, organisation_id: str, staff_id: str, filter_id: str) -> None:
    """Raises NotFound for one that is not this person's own."""
    with database.tenant(organisation_id) as session:
        row = session.scalar(select(SavedFilter).where(SavedFilter.id == filter_id, SavedFilter.staff_id == staff_id))
        if row is None:
            raise NotFound("There is no such filter of yours.")
        session.delete(row)
