"""What a member of the staff chose for themselves: the language of the console, and which news make a sign."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from ramah.people.models import Staff
from ramah.store import Base, Database, TenantRow, utc_now


@dataclass(frozen=True)
class Signs:
    """How news are shown (``desktop`` notification, ``sound``) and which: a message in an own conversation, somebody
    who waits for a person, a mention by a colleague."""

    desktop: bool = False
    sound: bool = True
    message: bool = True
    waiting: bool = True
    mention: bool = True


class StaffPreferences(TenantRow, Base):
    """The signs that a person chose. Without a row they have those of `Signs`."""

    __tablename__ = "staff_preferences"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    desktop: Mapped[bool] = mapped_column()
    sound: Mapped[bool] = mapped_column()
    message: Mapped[bool] = mapped_column()
    waiting: Mapped[bool] = mapped_column()
    mention: Mapped[bool] = mapped_column()
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)


def signs_of(session: Session, staff_id: str) -> Signs:
    """What a person chose, or what everybody begins with."""
    row = session.scalar(select(StaffPreferences).where(StaffPreferences.staff_id == staff_id))
    return Signs(**{name: getattr(row, name) for name in asdict(Signs())}) if row else Signs()


def save_preferences(database: Database, organisation_id: str, staff_id: str, language: str, signs: Signs) -> None:
    """Keep a person's language and signs, in the place of what they chose before."""
    with database.tenant(organisation_id) as session:
        # The person's row first: two tabs that save at once come one after the other.
        staff = session.get_one(Staff, staff_id, with_for_update=True)
        staff.language = language
        row = session.get(StaffPreferences, staff_id) or StaffPreferences(staff_id=staff_id)
        for name, value in asdict(signs).items():
            setattr(row, name, value)
        session.add(row)
