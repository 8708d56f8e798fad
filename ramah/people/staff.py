"""Who works here: inviting people, their roles and outlets. Only administrators do this, and one always remains."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ramah.lib.errors import BadInput, NotFound, Refused
from ramah.people.account_models import LinkPurpose, StaffLink
from ramah.people.audit import Subject, record
from ramah.people.links import make_link
from ramah.people.models import Organisation, Staff
from ramah.people.passwords import NO_PASSWORD
from ramah.people.roles import Permission, Role, permissions
from ramah.people.scopes import Scope, scope_of, set_scope
from ramah.people.second_factor import switch_off
from ramah.store import Database, utc_now

ADDRESS = re.compile(r"[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]+\.[^@\s<>,;\"]+")
LONGEST_NAME, LONGEST_ADDRESS = 140, 200
LANGUAGES = ("id", "ms", "en")
LAST_ADMINISTRATOR = "Somebody must remain who can administer; make a colleague an administrator first."


@dataclass(frozen=True)
class NewColleague:
    """Somebody to invite."""

    name: str
    email: str
    roles: tuple[str, ...]
    language: str
    scope: Scope = field(default_factory=Scope)


@dataclass(frozen=True)
class Colleague:
    """One line of the staff list. ``invited_until`` is when an invitation that is open ends."""

    id: str
    name: str
    email: str
    roles: tuple[str, ...]
    language: str
    active: bool
    joined: bool
    second_factor: bool
    scope: Scope
    invited_until: datetime | None


def colleagues(database: Database, organisation_id: str) -> list[Colleague]:
    """Everybody, those who left last."""
    with database.tenant_reading(organisation_id) as session:
        open_links = select(StaffLink.staff_id, StaffLink.expires_at).where(
            StaffLink.used_at.is_(None), StaffLink.purpose == LinkPurpose.INVITATION
        )
        until = {row[0]: row[1] for row in session.execute(open_links)}
        rows = session.scalars(select(Staff).order_by(Staff.active.desc(), Staff.name, Staff.id)).all()
        return [_colleague(session, staff, until.get(staff.id)) for staff in rows]


def colleague(database: Database, organisation_id: str, staff_id: str) -> Colleague:
    """One of them. Raises NotFound."""
    found = next((one for one in colleagues(database, organisation_id) if one.id == staff_id), None)
    if found is None:
        raise NotFound("There is no such colleague.")
    return found


def invite(database: Database, organisation_id: str, actor_id: str, who: NewColleague, key: bytes) -> tuple[str, str]:
    """Add somebody who chooses a password by the link in a mail; returns their id and the link's token.

    Raises BadInput, and Refused for an address that has an account."""
    name, email, roles = _name(who.name), _address(who.email), known_roles(who.roles)
    language = who.language if who.language in LANGUAGES else "en"
    try:
        with database.tenant(organisation_id) as session:
            administrator(session, organisation_id, actor_id)
            staff = Staff(email=email, name=name, roles=roles, language=language, password_hash=NO_PASSWORD)
            session.add(staff)
            session.flush()
            set_scope(session, staff, who.scope)
            told = {"roles": roles, "email": email, **who.scope.as_json()}
            record(session, "staff.invited", _about(staff), new=told, staff_id=actor_id)
            return staff.id, make_link(session, staff, LinkPurpose.INVITATION, key)
    except IntegrityError as error:
        raise Refused("This address has an account already.") from error


def invite_again(database: Database, organisation_id: str, actor_id: str, staff_id: str, key: bytes) -> str:
    """A new link in the place of the old one. Raises NotFound, and Refused for who has joined or left."""
    with database.tenant(organisation_id) as session:
        administrator(session, organisation_id, actor_id)
        staff = held(session, staff_id)
        if staff.password_hash != NO_PASSWORD or not staff.active:
            raise Refused("This person has joined already.")
        record(session, "staff.invited", _about(staff), new={"again": True}, staff_id=actor_id)
        return make_link(session, staff, LinkPurpose.INVITATION, key)


def change(
    database: Database, organisation_id: str, actor_id: str, staff_id: str, roles: Iterable[str], scope: Scope
) -> None:
    """Set roles and outlets. Raises NotFound, BadInput, and Refused where no administrator would remain."""
    wanted = known_roles(roles)
    with database.tenant(organisation_id) as session:
        administrator(session, organisation_id, actor_id)
        staff = held(session, staff_id)
        before = {"roles": list(staff.roles), **scope_of(session, staff).as_json()}
        staff.roles = wanted
        set_scope(session, staff, scope)
        keep_an_administrator(session)
        after = {"roles": wanted, **scope_of(session, staff).as_json()}
        if before != after:
            record(session, "staff.changed", _about(staff), old=before, new=after, staff_id=actor_id)


def forget_second_factor(database: Database, organisation_id: str, actor_id: str, staff_id: str) -> None:
    """For a colleague who lost phone and recovery codes. Raises NotFound."""
    with database.tenant(organisation_id) as session:
        administrator(session, organisation_id, actor_id)
        switch_off(session, held(session, staff_id))


def administrator(session: Session, organisation_id: str, actor_id: str) -> None:
    """Take the organisation's lock, so that changes of staff follow one another, and look whether who asks may still.

    Raises Refused for somebody who was demoted a moment ago."""
    session.get_one(Organisation, organisation_id, with_for_update={"key_share": True})
    actor = session.get(Staff, actor_id, populate_existing=True)
    if actor is None or not actor.active or Permission.MANAGE_STAFF not in permissions(actor.roles):
        raise Refused("You are no administrator any more.")


def held(session: Session, staff_id: str) -> Staff:
    """A colleague, their row locked. Raises NotFound."""
    staff = session.get(Staff, staff_id, with_for_update={"key_share": True}, populate_existing=True)
    if staff is None:
        raise NotFound("There is no such colleague.")
    return staff


def keep_an_administrator(session: Session) -> None:
    """Raises Refused unless somebody active, with a password and every outlet, may still manage the staff."""
    session.flush()
    rows = session.scalars(select(Staff).where(Staff.active, Staff.password_hash != NO_PASSWORD)).all()
    if not any(Permission.MANAGE_STAFF in permissions(one.roles) for one in rows):
        raise Refused(LAST_ADMINISTRATOR)


def known_roles(given: Iterable[str]) -> list[str]:
    """The roles in their order. Raises BadInput for none, and for one that does not exist."""
    asked = set(given)
    if not asked or asked - {role.value for role in Role}:
        raise BadInput("Choose at least one of the roles.")
    return [role.value for role in Role if role.value in asked]


def _name(given: str) -> str:
    name = " ".join(given.split())
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(f"Write a name of at most {LONGEST_NAME} characters.")
    return name


def _address(given: str) -> str:
    address = given.strip().lower()
    if len(address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(address):
        raise BadInput("This is no e-mail address.")
    return address


def _colleague(session: Session, staff: Staff, until: datetime | None) -> Colleague:
    return Colleague(
        id=staff.id,
        name=staff.name,
        email=staff.email,
        roles=tuple(str(role) for role in staff.roles),
        language=staff.language,
        active=staff.active,
        joined=staff.password_hash != NO_PASSWORD,
        second_factor=staff.second_factor_at is not None,
        scope=scope_of(session, staff) if staff.limited else Scope(),
        invited_until=until if until and until > utc_now() else None,
    )


def _about(staff: Staff) -> Subject:
    return Subject("staff", staff.id, staff.name)
