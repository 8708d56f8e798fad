"""Which alerts an administrator wants, and where: each kind by itself in the console and by mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from ramah.people.models import Staff
from ramah.store import Base, Database, TenantRow, utc_now


@dataclass(frozen=True)
class Ways:
    """How one kind of alert reaches a person."""

    console: bool
    mail: bool


BEGINNING: Mapping[str, Ways] = {
    "person_asked": Ways(console=False, mail=False),
    "low_confidence": Ways(console=False, mail=False),
    "connection_lost": Ways(console=True, mail=True),
    "valuable_lead": Ways(console=True, mail=True),
    "incident": Ways(console=True, mail=True),
    "ledger": Ways(console=True, mail=True),
}
"""The kinds that can be switched, and what everybody begins with: what happens all day makes no noise unasked."""
SAME = {"incident_back": "incident"}
ALWAYS = Ways(console=True, mail=True)


class AlertChoice(TenantRow, Base):
    """What a person chose for one kind of alert; without a row they have that of `BEGINNING`."""

    __tablename__ = "alert_choices"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    console: Mapped[bool] = mapped_column()
    mail: Mapped[bool] = mapped_column()
    updated_at: Mapped[datetime] = mapped_column(default=utc_now)


Choices = Mapping[str, Ways]


def choices_of(session: Session, staff_id: str) -> Choices:
    """What this person gets of each kind. One query."""
    rows = session.scalars(select(AlertChoice).where(AlertChoice.staff_id == staff_id))
    return {**BEGINNING, **{row.kind: Ways(row.console, row.mail) for row in rows if row.kind in BEGINNING}}


def ways_of(choices: Choices, kind: str) -> Ways:
    """How an alert of this kind reaches them; what cannot be switched always does."""
    return choices.get(SAME.get(kind, kind), ALWAYS)


def choices_of_all(session: Session, staff_ids: list[str]) -> Mapping[str, Choices]:
    """The same of several people. One query."""
    rows = session.scalars(select(AlertChoice).where(AlertChoice.staff_id.in_(staff_ids))).all()
    own = {one: {row.kind: Ways(row.console, row.mail) for row in rows if row.staff_id == one} for one in staff_ids}
    return {one: {**BEGINNING, **chosen} for one, chosen in own.items()}


def save_choices(database: Database, organisation_id: str, staff_id: str, chosen: Choices) -> None:
    """Keep them, in the place of what the person chose before."""
    with database.tenant(organisation_id) as session:
        # The person's row first: two tabs that save at once come one after the other.
        session.get_one(Staff, staff_id, with_for_update=True)
        session.execute(delete(AlertChoice).where(AlertChoice.staff_id == staff_id))
        session.add_all(
            AlertChoice(staff_id=staff_id, kind=kind, console=ways.console, mail=ways.mail)
            for kind, ways in chosen.items()
            if kind in BEGINNING
        )
