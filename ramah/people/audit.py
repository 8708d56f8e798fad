"""The audit log: who did what, when, from where; written in the transaction of the act, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from ramah.people.account_models import AuditEntry
from ramah.people.models import Staff
from ramah.store import Behalf
from ramah.store.behalf import BEHALF

PAGE = 50
SUBJECT_LENGTH = 200
SECRET_NAMES = frozenset({"password", "password_hash", "secret", "secrets", "token", "code", "api_key", "access_token"})
ACTIONS = (
    "login.done",
    "login.failed",
    "login.ended",
    "account.changed",
    "account.password",
    "account.second_factor",
    "account.recovery",
    "staff.invited",
    "staff.joined",
    "staff.changed",
    "staff.deactivated",
    "staff.activated",
    "settings.security",
    "settings.hours",
    "settings.bot_mode",
    "settings.alerts",
    "conversation.taken_over",
    "conversation.released",
    "conversation.closed",
    "conversation.left",
    "conversation.assigned",
    "conversation.reopened",
    "conversation.blocked",
    "payment.approved",
    "payment.rejected",
    "contact.changed",
    "contact.merged",
    "contact.told_apart",
    "contact.imported",
    "contact.blocked",
    "contact.unblocked",
    "label.made",
    "label.changed",
    "label.merged",
    "label.deleted",
    "export.audit",
    "export.contacts",
    "export.messages",
    "incident.marked",
)
"""The acts that the filter of the screen offers; others are shown by their own name."""


@dataclass(frozen=True)
class Subject:
    """What an act was done to, and how that is called now."""

    kind: str = ""
    id: str = ""
    name: str = ""


def record(
    session: Session,
    action: str,
    subject: Subject | None = None,
    *,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    staff_id: str | None = None,
    address: str = "",
) -> None:
    """Note an act with what was before and after. Person and address are those on whose behalf the session works
    where none are given. Values that look like secrets are left out, whoever passes them."""
    behalf: Behalf | None = session.info.get(BEHALF)
    about = subject or Subject()
    session.add(
        AuditEntry(
            staff_id=staff_id or (behalf.staff_id if behalf else None),
            address=(address or (behalf.address if behalf else ""))[:45],
            action=action,
            subject_kind=about.kind,
            subject_id=about.id,
            subject=about.name[:SUBJECT_LENGTH],
            old=_open(old),
            new=_open(new),
        )
    )


@dataclass(frozen=True)
class Sought:
    """What the screen asks for: a person, the beginning of an action's name, a span of time; ``before`` is the id that
    the last page ended with."""

    staff_id: str | None = None
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


@dataclass(frozen=True)
class AuditLine:
    """One act with the name of who did it; None for nobody whom we know."""

    entry: AuditEntry
    who: str | None


def audit_page(session: Session, sought: Sought, most: int = PAGE) -> tuple[list[AuditLine], int | None]:
    """A page, the latest first, and the id to go on from. One statement."""
    rows = session.execute(_statement(sought).limit(most + 1)).all()
    lines = [AuditLine(row[0], row[1]) for row in rows[:most]]
    return lines, lines[-1].entry.id if len(rows) > most else None


def _statement(sought: Sought) -> Select[AuditEntry, str]:
    statement = select(AuditEntry, Staff.name).outerjoin(Staff, Staff.id == AuditEntry.staff_id)
    if sought.staff_id:
        statement = statement.where(AuditEntry.staff_id == sought.staff_id)
    if sought.action:
        statement = statement.where(AuditEntry.action.startswith(sought.action, autoescape=True))
    if sought.since:
        statement = statement.where(AuditEntry.at >= sought.since)
    if sought.until:
        statement = statement.where(AuditEntry.at < sought.until)
    if sought.before is not None:
        statement = statement.where(AuditEntry.id < sought.before)
    return statement.order_by(AuditEntry.id.desc())


def people_of(session: Session) -> Sequence[tuple[str, str]]:
    """Everybody who may stand in the log: id and name."""
    return [(row[0], row[1]) for row in session.execute(select(Staff.id, Staff.name).order_by(Staff.name))]


def _open(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: value for name, value in values.items() if name.lower() not in SECRET_NAMES}
