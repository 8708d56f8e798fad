"""Whose a booking is: shown are a contact's own ones, and those of a number that the channel proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from ramah.booking.erp_registry import erp_for
from ramah.booking.models import Draft, DraftStatus
from ramah.integrations.erp.document import BookingDocument
from ramah.integrations.erp.port import BookingStatus, BookingSummary, in_order
from ramah.people import Contact, Organisation
from ramah.store import Database, utc_now

MOST_OWN = 30
MOST_NUMBERS = 3
"""People who book for others give other numbers; each is one question to the ERP."""
SINCE = timedelta(days=180)
TAG = 8


@dataclass(frozen=True)
class Owned:
    """The bookings that may be told to a contact, upcoming first. ``waiting`` are references of bookings that the
    ERP has not taken yet; ``is_known`` says that the contact has booked before or is proved."""

    bookings: tuple[BookingSummary, ...]
    waiting: tuple[str, ...] = ()
    is_known: bool = False

    def upcoming(self, now: datetime) -> tuple[BookingSummary, ...]:
        """Those still to come or under way."""
        return tuple(one for one in self.bookings if one.is_upcoming(now))

    def changeable(self, now: datetime) -> tuple[BookingSummary, ...]:
        """Those that have not begun."""
        return tuple(one for one in self.bookings if one.status is BookingStatus.BOOKED and one.starts_at > now)


def tag_of(booking: BookingSummary) -> str:
    """The short id that buttons carry."""
    return booking.booking_id[-TAG:]


def with_tag(bookings: tuple[BookingSummary, ...], tag: str | None) -> BookingSummary | None:
    """The booking that a button was made for; payloads come from outside and may hold anything."""
    return next((one for one in bookings if tag and tag_of(one) == tag), None)


def own_bookings(database: Database, organisation: Organisation, contact: Contact) -> Owned:
    """Ask the ERP for what may be told to this contact. Raises what the ERP raises."""
    drafts = _own_drafts(database, organisation.id, contact.id)
    own = {draft.id: draft.phone for draft in drafts if draft.is_booked}
    proved = contact.phone if contact.phone_proved else None
    numbers = list(dict.fromkeys([*([proved] if proved else []), *own.values()]))[:MOST_NUMBERS]
    erp = erp_for(database, organisation)
    found: dict[str, BookingSummary] = {}
    for number in numbers:
        # Anybody can type a stranger's number: of an unproved one, only what was booked here is theirs.
        allowed = (one for one in erp.bookings_of(number) if number == proved or one.booking_id in own)
        found.update({one.booking_id: one for one in allowed})
    waiting = tuple(draft.reference for draft in drafts if not draft.is_booked)
    return Owned(tuple(in_order(list(found.values()), utc_now())), waiting, bool(own or proved))


@dataclass(frozen=True)
class _OwnDraft:
    id: str
    reference: str
    phone: str
    is_booked: bool


def _own_drafts(database: Database, organisation_id: str, contact_id: str) -> list[_OwnDraft]:
    with database.tenant_reading(organisation_id) as session:
        rows = session.execute(
            select(Draft.id, Draft.reference, Draft.status, Draft.document)
            .where(
                Draft.contact_id == contact_id,
                Draft.status.in_((DraftStatus.BOOKED, DraftStatus.SUBMITTING)),
                Draft.updated_at > utc_now() - SINCE,
            )
            .order_by(Draft.updated_at.desc())
            .limit(MOST_OWN)
        ).all()
    return [
        _OwnDraft(id_, reference, _phone(document), status == DraftStatus.BOOKED)
        for id_, reference, status, document in rows
        if document
    ]


def _phone(document: Mapping[str, object]) -> str:
    return BookingDocument.model_validate(document).customer.phone
