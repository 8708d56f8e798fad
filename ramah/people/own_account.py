"""What everybody may change about their own account: name, language, password, logins elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ramah.lib.errors import BadInput, NotFound
from ramah.people.audit import Subject, record
from ramah.people.models import Staff, StaffSession
from ramah.people.password_rules import check_password
from ramah.people.passwords import hash_password, is_right
from ramah.people.second_factor import switch_off
from ramah.people.sessions import Login
from ramah.store import Database, utc_now

LANGUAGES = ("id", "ms", "en")
WRONG = "This is not your password."


@dataclass(frozen=True)
class OpenSession:
    """One login that is open. ``key`` names it to its owner; it opens nothing."""

    key: str
    device: str
    address: str
    began_at: datetime
    last_seen_at: datetime
    is_this: bool


def open_sessions(database: Database, login: Login) -> list[OpenSession]:
    """The person's logins, the one that asks first, then the last seen."""
    with database.tenant_reading(login.organisation_id) as session:
        rows = session.scalars(
            select(StaffSession).where(
                StaffSession.staff_id == login.staff_id, StaffSession.expires_at > utc_now(), ~StaffSession.pending
            )
        ).all()
    shown = [
        OpenSession(
            key=row.token_hash,
            device=row.device or "",
            address=row.address or "",
            began_at=row.created_at,
            last_seen_at=row.last_seen_at or row.created_at,
            is_this=row.token_hash == login.session_hash,
        )
        for row in rows
    ]
    return sorted(shown, key=lambda one: (one.is_this, one.last_seen_at), reverse=True)


def end_session(database: Database, login: Login, key: str) -> None:
    """End one of one's own logins. Raises NotFound."""
    with database.tenant(login.organisation_id) as session:
        own = (StaffSession.staff_id == login.staff_id, StaffSession.token_hash == key)
        ended = session.execute(delete(StaffSession).where(*own))
        if not ended.rowcount:  # type: ignore[attr-defined]  # a DELETE gives a CursorResult
            raise NotFound("This login has ended already.")
        record(session, "login.ended", _about(login), new={"which": "one elsewhere"})


def end_other_sessions(database: Database, login: Login) -> int:
    """End all logins but the one that asks; returns how many."""
    with database.tenant(login.organisation_id) as session:
        others = (StaffSession.staff_id == login.staff_id, StaffSession.token_hash != login.session_hash)
        ended = session.execute(delete(StaffSession).where(*others))
        record(session, "login.ended", _about(login), new={"which": "all others"})
        return int(ended.rowcount)  # type: ignore[attr-defined]  # a DELETE gives a CursorResult


def change_profile(database: Database, login: Login, name: str, language: str) -> None:
    """Set name and language. Raises BadInput."""
    said = " ".join(name.split())
    if not said or len(said) > 140 or language not in LANGUAGES:
        raise BadInput("Write a name of at most 140 characters, and choose a language.")
    with database.tenant(login.organisation_id) as session:
        staff = session.get_one(Staff, login.staff_id)
        before, after = {"name": staff.name, "language": staff.language}, {"name": said, "language": language}
        if before != after:
            staff.name, staff.language = said, language
            record(session, "account.changed", _about(login), old=before, new=after)


def change_password(database: Database, login: Login, current: str, wanted: str) -> None:
    """Set another password; the other logins end. Raises BadInput for a wrong or a weak one."""
    prove(database, login, current)
    check_password(wanted, login.name, login.email, login.organisation_name)
    hashed = hash_password(wanted)
    with database.tenant(login.organisation_id) as session:
        session.get_one(Staff, login.staff_id).password_hash = hashed
        others = (StaffSession.staff_id == login.staff_id, StaffSession.token_hash != login.session_hash)
        session.execute(delete(StaffSession).where(*others))
        record(session, "account.password", _about(login))


def drop_second_factor(database: Database, login: Login, password: str) -> None:
    """Switch one's own second factor off. Raises BadInput for a wrong password."""
    prove(database, login, password)
    with database.tenant(login.organisation_id) as session:
        switch_off(session, session.get_one(Staff, login.staff_id))


def prove(database: Database, login: Login, password: str) -> None:
    """Whoever asks knows the password. Raises BadInput."""
    with database.tenant_reading(login.organisation_id) as session:
        stored = session.get_one(Staff, login.staff_id).password_hash
    if not is_right(password, stored):
        raise BadInput(WRONG)


def _about(login: Login) -> Subject:
    return Subject("staff", login.staff_id, login.name)


def has_second_factor(session: Session, staff_id: str) -> bool:
    """Whether a code is asked at each login of this person."""
    return session.get_one(Staff, staff_id).second_factor_at is not None
