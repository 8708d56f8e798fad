"""Logins of staff: a random token in a cookie, its hash in the database, a CSRF token beside it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ramah.lib.errors import Refused
from ramah.people.audit import Subject, record
from ramah.people.models import Organisation, Staff, StaffSession
from ramah.people.passwords import is_right
from ramah.people.scopes import outlets_of
from ramah.people.second_factor import take_code
from ramah.people.security import is_inside, rules_of
from ramah.store import Database, utc_now

PENDING_MINUTES = 10
SEEN_EVERY = timedelta(minutes=1)
DEVICE_LENGTH = 200


@dataclass(frozen=True)
class Origin:
    """Where somebody logs in from: the client's address and what its browser calls itself."""

    address: str = ""
    device: str = ""


@dataclass(frozen=True)
class Login:
    """Who is logged in. ``token`` is only there right after logging in; ``pending`` means that it is good for nothing
    but to bring the code of the second factor. ``outlets`` are the codes of those they are limited to, None for all.
    ``must_enrol``: their role requires a second factor and they have none. ``timezone`` is the organisation's."""

    staff_id: str
    organisation_id: str
    organisation_name: str
    name: str
    email: str
    roles: tuple[str, ...]
    language: str
    csrf_token: str
    token: str = ""
    pending: bool = False
    session_hash: str = ""
    outlets: tuple[str, ...] | None = None
    networks: tuple[str, ...] = ()
    must_enrol: bool = False
    timezone: str = "UTC"


def log_in(database: Database, email: str, password: str, hours: int, origin: Origin | None = None) -> Login | None:
    """Check the password and open a session; None when either is wrong. Slow on purpose; run it in a thread.

    For somebody with a second factor the session is pending. Raises Refused for an address outside the organisation's
    networks, told only to who knows the password."""
    where = origin or Origin()
    with database.every_organisation_reading() as session:
        staff = session.scalar(select(Staff).where(Staff.email == email.strip().lower(), Staff.active))
    if not is_right(password, staff.password_hash if staff else None) or staff is None:
        if staff is not None:
            _note_failure(database, staff, where, "password")
        return None
    with database.tenant_reading(staff.organisation_id) as session:
        networks = rules_of(session.get_one(Organisation, staff.organisation_id)).networks
    if not is_inside(where.address, networks):
        _note_failure(database, staff, where, "network")
        raise Refused("Your organisation allows logins from its own networks only.")
    with database.tenant(staff.organisation_id) as session:
        session.execute(delete(StaffSession).where(StaffSession.expires_at < utc_now()))
        pending = staff.second_factor_at is not None
        life = timedelta(minutes=PENDING_MINUTES) if pending else timedelta(hours=hours)
        return open_session(session, staff, life, where, pending=pending)


def bring_code(database: Database, key: bytes, token: str, code: str, hours: int) -> Login | None:
    """Exchange a pending session and a right code for a full one; None when either is wrong."""
    with database.every_organisation_reading() as session:
        waiting = session.scalar(
            select(StaffSession).where(
                StaffSession.token_hash == _hash(token), StaffSession.pending, StaffSession.expires_at > utc_now()
            )
        )
    if waiting is None:
        return None
    where = Origin(waiting.address or "", waiting.device or "")
    with database.tenant(waiting.organisation_id) as session:
        staff = session.get_one(Staff, waiting.staff_id, with_for_update={"key_share": True})
        if not staff.active or not take_code(session, key, staff.id, code):
            record(
                session,
                "login.failed",
                _about(staff),
                new={"why": "second factor"},
                staff_id=staff.id,
                address=where.address,
            )
            return None
        gone = session.execute(delete(StaffSession).where(StaffSession.token_hash == waiting.token_hash))
        if not gone.rowcount:  # type: ignore[attr-defined]  # a DELETE gives a CursorResult
            return None
        return open_session(session, staff, timedelta(hours=hours), where)


def open_session(session: Session, staff: Staff, life: timedelta, origin: Origin, *, pending: bool = False) -> Login:
    """A new session in the running transaction; a full one is noted in the audit log."""
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    row = StaffSession(
        token_hash=_hash(token),
        staff_id=staff.id,
        csrf_token=csrf,
        expires_at=utc_now() + life,
        pending=pending,
        address=origin.address[:45],
        device=origin.device[:DEVICE_LENGTH],
    )
    session.add(row)
    if not pending:
        record(session, "login.done", _about(staff), staff_id=staff.id, address=origin.address)
    return _login(session, staff, session.get_one(Organisation, staff.organisation_id), row, token)


def who_is(database: Database, token: str) -> Login | None:
    """The person behind a session cookie, or None. Notes once a minute that they were here."""
    now = utc_now()
    with database.every_organisation_reading() as session:
        found = session.execute(
            select(StaffSession, Staff, Organisation)
            .join(Staff, Staff.id == StaffSession.staff_id)
            .join(Organisation, Organisation.id == StaffSession.organisation_id)
            .where(
                StaffSession.token_hash == _hash(token),
                StaffSession.expires_at > now,
                ~StaffSession.pending,
                Staff.active,
            )
        ).first()
        if found is None:
            return None
        login = _login(session, found[1], found[2], found[0])
    seen = found[0].last_seen_at
    if seen is None or now - seen > SEEN_EVERY:
        _note_seen(database, found[0])
    return login


def is_open(database: Database, login: Login) -> bool:
    """Whether the session of a login has not ended meanwhile; for pages that stay open for long."""
    with database.tenant_reading(login.organisation_id) as session:
        alive = (StaffSession.token_hash == login.session_hash, StaffSession.expires_at > utc_now(), Staff.active)
        statement = select(StaffSession.token_hash).join(Staff, Staff.id == StaffSession.staff_id).where(*alive)
        return session.scalar(statement) is not None


def log_out(database: Database, token: str) -> None:
    """End the session."""
    with database.every_organisation_reading() as session:
        row = session.scalar(select(StaffSession).where(StaffSession.token_hash == _hash(token)))
    if row is None:
        return
    with database.tenant(row.organisation_id) as session:
        session.execute(delete(StaffSession).where(StaffSession.token_hash == row.token_hash))
        record(session, "login.ended", staff_id=row.staff_id)


def csrf_is_right(login: Login, given: str | None) -> bool:
    """Compare the CSRF token in constant time."""
    return hmac.compare_digest(login.csrf_token.encode(), (given or "").encode())


def _note_failure(database: Database, staff: Staff, origin: Origin, why: str) -> None:
    with database.tenant(staff.organisation_id) as session:
        record(session, "login.failed", _about(staff), new={"why": why}, staff_id=staff.id, address=origin.address)


def _note_seen(database: Database, row: StaffSession) -> None:
    with database.tenant(row.organisation_id) as session:
        session.execute(
            update(StaffSession).where(StaffSession.token_hash == row.token_hash).values(last_seen_at=utc_now())
        )


def _about(staff: Staff) -> Subject:
    return Subject("staff", staff.id, staff.name)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _login(session: Session, staff: Staff, organisation: Organisation, row: StaffSession, token: str = "") -> Login:
    rules, roles = rules_of(organisation), tuple(str(role) for role in staff.roles)
    return Login(
        staff_id=staff.id,
        organisation_id=staff.organisation_id,
        organisation_name=organisation.name,
        name=staff.name,
        email=staff.email,
        roles=roles,
        language=staff.language,
        csrf_token=row.csrf_token,
        token=token,
        pending=row.pending,
        session_hash=row.token_hash,
        outlets=outlets_of(session, staff),
        networks=rules.networks,
        timezone=organisation.timezone,
        must_enrol=staff.second_factor_at is None and bool(set(rules.second_factor_roles) & set(roles)),
    )
