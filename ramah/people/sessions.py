"""Logins of staff: a random token in a cookie, its hash in the database, a CSRF token beside it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from ramah.people.models import Organisation, Staff, StaffSession
from ramah.people.passwords import is_right
from ramah.store import Database, utc_now


@dataclass(frozen=True)
class Login:
    """Who is logged in. ``token`` is only there right after logging in."""

    staff_id: str
    organisation_id: str
    organisation_name: str
    name: str
    email: str
    roles: tuple[str, ...]
    language: str
    csrf_token: str
    token: str = ""


def log_in(database: Database, email: str, password: str, hours: int) -> Login | None:
    """Check the password and open a session; None when either is wrong. Slow on purpose; run it in a thread."""
    with database.every_organisation_reading() as session:
        staff = session.scalar(select(Staff).where(Staff.email == email.strip().lower(), Staff.active))
    if not is_right(password, staff.password_hash if staff else None) or staff is None:
        return None
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    with database.tenant(staff.organisation_id) as session:
        session.execute(delete(StaffSession).where(StaffSession.expires_at < utc_now()))
        session.add(
            StaffSession(
                token_hash=_hash(token),
                staff_id=staff.id,
                csrf_token=csrf,
                expires_at=utc_now() + timedelta(hours=hours),
            )
        )
        organisation = session.get_one(Organisation, staff.organisation_id)
        return _login(staff, organisation, csrf, token)


def who_is(database: Database, token: str) -> Login | None:
    """The person behind a session cookie, or None."""
    with database.every_organisation_reading() as session:
        found = session.execute(
            select(StaffSession, Staff, Organisation)
            .join(Staff, Staff.id == StaffSession.staff_id)
            .join(Organisation, Organisation.id == StaffSession.organisation_id)
            .where(StaffSession.token_hash == _hash(token), StaffSession.expires_at > utc_now(), Staff.active)
        ).first()
        return _login(found[1], found[2], found[0].csrf_token) if found else None


def log_out(database: Database, token: str) -> None:
    """End the session."""
    with database.every_organisation() as session:
        session.execute(delete(StaffSession).where(StaffSession.token_hash == _hash(token)))


def csrf_is_right(login: Login, given: str | None) -> bool:
    """Compare the CSRF token in constant time."""
    return hmac.compare_digest(login.csrf_token.encode(), (given or "").encode())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _login(staff: Staff, organisation: Organisation, csrf: str, token: str = "") -> Login:
    return Login(
        staff_id=staff.id,
        organisation_id=staff.organisation_id,
        organisation_name=organisation.name,
        name=staff.name,
        email=staff.email,
        roles=tuple(str(role) for role in staff.roles),
        language=staff.language,
        csrf_token=csrf,
        token=token,
    )
