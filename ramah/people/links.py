"""Links by mail that set a password: invitations and resets. A link works once, and only its hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from ramah.lib.errors import NotFound
from ramah.lib.sealed import seal
from ramah.people.account_models import LinkPurpose, StaffLink
from ramah.people.audit import Subject, record
from ramah.people.models import Organisation, Staff, StaffSession
from ramah.people.password_rules import check_password
from ramah.people.passwords import NO_PASSWORD, hash_password
from ramah.store import Database, utc_now

LIVES = {LinkPurpose.INVITATION: timedelta(hours=72), LinkPurpose.RESET: timedelta(hours=1)}
GONE = "This link has been used or is too old. Ask for a new one."


@dataclass(frozen=True)
class LinkOwner:
    """Whose link it is, for the page behind it."""

    purpose: str
    name: str
    email: str
    organisation: str
    language: str


def make_link(session: Session, staff: Staff, purpose: LinkPurpose, key: bytes) -> str:
    """A new link's token; the worker mails it. Older links of this person end."""
    session.execute(delete(StaffLink).where(StaffLink.staff_id == staff.id, StaffLink.used_at.is_(None)))
    token = secrets.token_urlsafe(32)
    session.add(
        StaffLink(
            token_hash=_hash(token),
            staff_id=staff.id,
            purpose=purpose,
            sealed=seal({"token": token}, key),
            expires_at=utc_now() + LIVES[purpose],
        )
    )
    return token


def ask_reset(database: Database, email: str, key: bytes) -> None:
    """Mail a link to whoever has this address and a password; for all others nothing happens, and nobody is told."""
    with database.every_organisation_reading() as session:
        found = session.scalar(select(Staff).where(Staff.email == email.strip().lower(), Staff.active))
    if found is None or found.password_hash == NO_PASSWORD:
        return
    with database.tenant(found.organisation_id) as session:
        make_link(session, session.get_one(Staff, found.id), LinkPurpose.RESET, key)


def owner_of(database: Database, token: str) -> LinkOwner:
    """Whose link this is. Raises NotFound for one that does not work (any more)."""
    with database.every_organisation_reading() as session:
        row = session.execute(
            select(StaffLink.purpose, Staff.name, Staff.email, Organisation.name, Staff.language)
            .join(Staff, Staff.id == StaffLink.staff_id)
            .join(Organisation, Organisation.id == StaffLink.organisation_id)
            .where(*_works(token), Staff.active)
        ).first()
    if row is None:
        raise NotFound(GONE)
    return LinkOwner(*row)


def set_password(database: Database, token: str, password: str) -> None:
    """Use the link: the person has this password from now on, and every other login of theirs ends.

    Raises BadInput for a weak password, NotFound for a link that does not work, also where two use it at once."""
    owner = owner_of(database, token)
    check_password(password, owner.name, owner.email, owner.organisation)
    hashed = hash_password(password)
    with database.every_organisation_reading() as session:
        link = session.scalar(select(StaffLink).where(*_works(token)))
    if link is None:
        raise NotFound(GONE)
    with database.tenant(link.organisation_id) as session:
        used = session.execute(update(StaffLink).where(*_works(token)).values(used_at=utc_now(), sealed=None))
        if not used.rowcount:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
            raise NotFound(GONE)
        staff = session.get_one(Staff, link.staff_id)
        staff.password_hash = hashed
        session.execute(delete(StaffSession).where(StaffSession.staff_id == staff.id))
        action = "staff.joined" if link.purpose == LinkPurpose.INVITATION else "account.password"
        record(session, action, Subject("staff", staff.id, staff.name), new={"by": link.purpose}, staff_id=staff.id)


def _works(token: str) -> tuple[ColumnElement[bool], ...]:
    return (StaffLink.token_hash == _hash(token), StaffLink.used_at.is_(None), StaffLink.expires_at > utc_now())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
