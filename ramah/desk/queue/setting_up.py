"""Setting up divisions, who serves in them, and how the queue works."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from ramah.lib.errors import BadInput, NotFound
from ramah.messaging.divisions.choosing import plain
from ramah.messaging.divisions.presence import presence_row
from ramah.messaging.divisions.texts import checked_texts
from ramah.messaging.hours.keeping import Owner, forget
from ramah.messaging.models import (
    Conversation,
    Division,
    DivisionAgent,
    HandledBy,
    HoursOwner,
    QueueMode,
    QueueSettings,
)
from ramah.people import Organisation, Staff
from ramah.store import Database, utc_now

MOST_DIVISIONS = 9
"""With the assistant they fill a list of ten, the longest that WhatsApp shows (Meta, "Interactive list messages")."""
MOST_KEYWORDS = 20


class DivisionForm(BaseModel):
    """A division as somebody typed it."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=60)
    description: str = Field(default="", max_length=200)
    keyword_triggers: list[str] = Field(default_factory=list, max_length=MOST_KEYWORDS)
    is_active: bool = True
    avg_handling_time_minutes: int | None = Field(default=None, ge=1, le=480)
    show_wait_time: bool = True
    auto_detect_keywords: bool = True

    @field_validator("keyword_triggers")
    @classmethod
    def _distinct(cls, given: list[str]) -> list[str]:
        kept = {plain(word): word.strip()[:40] for word in given if plain(word)}
        return list(kept.values())


class SettingsForm(BaseModel):
    """How the queue works, as somebody typed it; what is left out stays."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    mode: QueueMode | None = None
    check_queue_keyword: str | None = Field(default=None, min_length=1, max_length=10)
    capacity: int | None = Field(default=None, ge=1, le=50)
    idle_after: int | None = Field(default=None, ge=1, le=240)
    reassign_after: int | None = Field(default=None, ge=1, le=240)
    texts: dict[str, dict[str, str]] | None = None


def add_division(database: Database, organisation_id: str, form: DivisionForm) -> str:
    """A new division at the end of the menu; returns its id. Raises BadInput for a name that there is already."""
    with database.tenant(organisation_id) as session:
        count = session.scalar(select(func.count(Division.id))) or 0
        if count >= MOST_DIVISIONS:
            raise BadInput(f"there can be {MOST_DIVISIONS} divisions at most: a menu shows no more")
        _check_name(session, form.name, None)
        row = Division(position=count, **form.model_dump())
        session.add(row)
        session.flush()
        return row.id


def change_division(database: Database, organisation_id: str, division_id: str, form: DivisionForm) -> None:
    """Write a division anew. Who waits in one that is switched off is served by anybody."""
    with database.tenant(organisation_id) as session:
        row = _division(session, division_id)
        _check_name(session, form.name, division_id)
        for name, value in form.model_dump().items():
            setattr(row, name, value)
        if not form.is_active:
            _free_line(session, division_id)


def delete_division(database: Database, organisation_id: str, division_id: str) -> None:
    """Take a division away; who waits there is served by anybody, and its history stays."""
    with database.tenant(organisation_id) as session:
        row = _division(session, division_id)
        _free_line(session, division_id)
        session.execute(delete(DivisionAgent).where(DivisionAgent.division_id == division_id))
        forget(session, Owner(organisation_id, division_id, HoursOwner.DIVISION))
        session.delete(row)


def order_divisions(database: Database, organisation_id: str, ids: Sequence[str]) -> None:
    """Put the menu into this order. Raises BadInput unless it names each division once."""
    with database.tenant(organisation_id) as session:
        rows = {row.id: row for row in session.scalars(select(Division))}
        if sorted(ids) != sorted(rows):
            raise BadInput("the divisions have changed meanwhile; load the page again")
        for place, division_id in enumerate(ids):
            rows[division_id].position = place


def set_agents(database: Database, organisation_id: str, division_id: str, staff_ids: Collection[str]) -> None:
    """Who serves in a division, from now on exactly these. Raises NotFound for somebody who is not ours."""
    with database.tenant(organisation_id) as session:
        _division(session, division_id)
        wanted = set(staff_ids)
        known = set(session.scalars(select(Staff.id).where(Staff.id.in_(wanted), Staff.active)))
        if known != wanted:
            raise NotFound("There is no such person.")
        session.execute(
            delete(DivisionAgent).where(DivisionAgent.division_id == division_id, DivisionAgent.staff_id.not_in(wanted))
        )
        there = set(session.scalars(select(DivisionAgent.staff_id).where(DivisionAgent.division_id == division_id)))
        session.add_all(DivisionAgent(division_id=division_id, staff_id=one) for one in sorted(wanted - there))


def set_capacity(database: Database, organisation_id: str, staff_id: str, capacity: int | None) -> None:
    """How many customers somebody has at once by assignment; None is the organisation's number."""
    if capacity is not None and not 0 <= capacity <= 50:
        raise BadInput("the capacity is a number from 0 to 50")
    with database.tenant(organisation_id) as session:
        if session.get(Staff, staff_id) is None:
            raise NotFound("There is no such person.")
        presence_row(session, staff_id).capacity = capacity


def change_settings(database: Database, organisation_id: str, form: SettingsForm) -> None:
    """Set what the form has. Raises BadInput for texts that cannot be filled in."""
    with database.tenant(organisation_id) as session:
        row = session.get(QueueSettings, organisation_id, with_for_update=True)
        if row is None:
            row = QueueSettings(organisation_id=organisation_id, texts={})
            session.add(row)
        given = form.model_dump(exclude_none=True, exclude={"mode", "texts"})
        for name, value in given.items():
            setattr(row, name, value)
        if form.texts is not None:
            row.texts = {**row.texts, **checked_texts(form.texts)}
        if form.mode is not None:
            session.get_one(Organisation, organisation_id).queue_mode = form.mode
        row.updated_at = utc_now()


def _division(session: Session, division_id: str) -> Division:
    row = session.get(Division, division_id)
    if row is None:
        raise NotFound("There is no such division.")
    return row


def _check_name(session: Session, name: str, but: str | None) -> None:
    others = session.execute(select(Division.id, Division.name)).all()
    if any(plain(row.name) == plain(name) and row.id != but for row in others):
        raise BadInput(f"there is a division {name!r} already")
    if not plain(name):
        raise BadInput("the name needs a letter or a number")


def _free_line(session: Session, division_id: str) -> None:
    waiting = (Conversation.handled_by == HandledBy.QUEUE, Conversation.division_id == division_id)
    session.execute(
        update(Conversation).where(*waiting).values(division_id=None).execution_options(synchronize_session=False)
    )
