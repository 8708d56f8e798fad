"""Somebody who has booked and wants to change it: says and taps, as the two forms hand it on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import time_machine
from sqlalchemy import select

from ramah.booking.context import Place
from ramah.booking.drafts import new_reference
from ramah.booking.embedded.adapter import EmbeddedErp
from ramah.booking.made.asking import ask_change
from ramah.booking.made.cancelling import take_in_cancellation
from ramah.booking.made.changes import Change, cancel_booking, move_booking
from ramah.booking.made.models import BookingChange
from ramah.booking.made.moving import take_in_move
from ramah.booking.made.said import Said, Turn
from ramah.booking.models import Draft, DraftStatus
from ramah.booking.questions import Question
from ramah.integrations.erp.document import BookingDocument
from ramah.integrations.erp.port import BookingSummary
from ramah.messaging.inbox import SAY
from ramah.messaging.models import Conversation, Inbound
from ramah.people import Contact, Organisation
from tests.integration.booking.customer import Customer

PHONE = "+6281234567890"
BETWEEN_MESSAGES = timedelta(seconds=20)
TakeIn = Callable[[Place, Said, str | None, Mapping[str, str], Mapping[str, Any]], Turn]


@dataclass
class Owner:
    """One person in one conversation; ``turn`` is what the dialogue would remember."""

    place: Place
    clock: time_machine.Traveller
    take_in: TakeIn = take_in_move
    turn: Turn = field(default_factory=lambda: Turn({}, None))

    def says(self, text: str, intent: str = "inform", **entities: str) -> Turn:
        """Type a message."""
        return self._sends(Said(text=text, intent=intent, field=entities.get("field"), kind=entities.get("kind")))

    def taps(self, booking: str, step: str | None = None, value: str | None = None, intent: str | None = None) -> Turn:
        """Tap a button: of a booking, or of an answer about its change."""
        chosen = intent or ("choose_change" if step else "choose_booking")
        return self._sends(Said(intent=chosen, booking=booking[-8:], step=step, value=value))

    def moves(self) -> Owner:
        """Begin to move."""
        self.take_in, self.turn = take_in_move, Turn({}, None)
        return self

    def calls_off(self) -> Owner:
        """Begin to call off."""
        self.take_in, self.turn = take_in_cancellation, Turn({}, None)
        return self

    def submits(self) -> Change:
        """The form has ended: what the dialogue does then."""
        write = move_booking if self.take_in is take_in_move else cancel_booking
        return write(self.place, self.turn.facts, self.turn.memory)

    def question(self) -> Question:
        """The question on the screen."""
        assert self.turn.step is not None
        return ask_change(self.place, self.turn.step, self.turn.facts, self.turn.memory)

    @property
    def notices(self) -> list[str]:
        """What the last message was answered with before the question."""
        return [notice.response for notice in self.turn.notices]

    def _sends(self, said: Said) -> Turn:
        self.clock.shift(BETWEEN_MESSAGES)
        turn = self.take_in(self.place, said, self.turn.step, self.turn.facts, self.turn.memory)
        # An interruption sets no slot: the dialogue remembers what it did before.
        self.turn = Turn(self.turn.facts, self.turn.step, turn.notices, self.turn.memory) if turn.interrupted else turn
        return turn

    def in_erp(self, phone: str = PHONE) -> list[BookingSummary]:
        """The bookings of a number as the ERP tells them."""
        return EmbeddedErp(self.place.database, self.place.organisation_id).bookings_of(phone)

    def wishes(self) -> list[BookingChange]:
        """The stored wishes of the conversation, oldest first."""
        with self.place.database.tenant_reading(self.place.organisation_id) as session:
            rows = select(BookingChange).where(BookingChange.conversation_id == self.place.conversation_id)
            return list(session.scalars(rows.order_by(BookingChange.created_at)))

    def to_be_said(self) -> list[Inbound]:
        """What the worker asked the bot to say."""
        with self.place.database.tenant_reading(self.place.organisation_id) as session:
            rows = select(Inbound).where(Inbound.conversation_id == self.place.conversation_id, Inbound.kind == SAY)
            return list(session.scalars(rows))

    def conversation(self) -> Conversation:
        """The conversation as stored."""
        with self.place.database.tenant_reading(self.place.organisation_id) as session:
            return session.get_one(Conversation, self.place.conversation_id)


def owner(customer: Customer) -> Owner:
    """The same person, at another form."""
    return Owner(customer.place, customer.clock)


def book(place: Place, starts_at: datetime, /, *, is_own: bool = True, **changes: Any) -> BookingDocument:
    """A visit in the ERP, booked in this conversation unless it is not the contact's own."""
    document = _document(starts_at, changes)
    EmbeddedErp(place.database, place.organisation_id).book(document, capacity=5)
    if is_own:
        with place.database.tenant(place.organisation_id) as session:
            conversation = session.get_one(Conversation, place.conversation_id)
            session.add(
                Draft(
                    id=document.booking_id,
                    reference=document.reference,
                    conversation_id=conversation.id,
                    contact_id=conversation.contact_id,
                    status=DraftStatus.BOOKED,
                    document=document.model_dump(mode="json"),
                )
            )
    return document


def _document(starts_at: datetime, changes: Mapping[str, Any]) -> BookingDocument:
    fields: dict[str, Any] = {
        "booking_id": str(uuid4()),
        "reference": new_reference(),
        "organisation": "kilap-auto",
        "kind": "one_time",
        "service_code": "premium-wash",
        "service_name": "Premium wash",
        "outlet_code": "JKT",
        "place": "outlet",
        "starts_at": starts_at,
        "minutes": 75,
        "timezone": "Asia/Jakarta",
        "customer": {"first_name": "Budi", "last_name": "Santoso", "phone": PHONE, "language": "id"},
        "vehicle": {"make": "Toyota", "model": "Avanza", "year": 2019, "plate": "B 1234 XYZ", "size": "medium"},
        "price": {"currency": "IDR", "amount_minor": 95_000},
        "channel": "webchat",
        "created_at": starts_at - timedelta(days=3),
    }
    return BookingDocument.model_validate({**fields, **changes})


def set_profile(place: Place, **values: object) -> None:
    """What an administrator sets for the organisation."""
    with place.database.tenant(place.organisation_id) as session:
        organisation = session.get_one(Organisation, place.organisation_id)
        organisation.profile = {**organisation.profile, **values}


def types_number(place: Place, phone: str) -> None:
    """The customer has typed a number; nothing proves it."""
    with place.database.tenant(place.organisation_id) as session:
        conversation = session.get_one(Conversation, place.conversation_id)
        session.get_one(Contact, conversation.contact_id).phone = phone
