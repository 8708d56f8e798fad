"""Somebody with a complaint in a fresh web chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from ramah.booking.context import Place
from ramah.booking.models import Draft, DraftStatus
from ramah.channels.content import Incoming, IncomingKind, Sender
from ramah.messaging.inbox import accept
from ramah.messaging.models import Conversation
from ramah.store import Database
from ramah.support.complaining import Said, Turn, begin, take_in
from ramah.support.models import Ticket
from tests.integration.conftest import Tenant


@dataclass
class Complainer:
    """One person in one conversation. The fields are what the dialogue would remember."""

    place: Place
    tenant: Tenant
    ticket: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    step: str | None = None
    memory: Mapping[str, Any] = field(default_factory=dict)
    sent: int = 0

    def begins(self, text: str, kind: IncomingKind = IncomingKind.TEXT) -> Turn:
        """The message that complains."""
        return self._remember(begin(self.place, Said(text=text, message=self.sends(text, kind))))

    def says(self, text: str, intent: str = "inform") -> Turn:
        """A further message."""
        return self.hears(Said(text=text, intent=intent, message=self.sends(text)))

    def taps(self, step: str, value: str) -> Turn:
        """A button of the question on the screen."""
        return self.hears(Said(intent="choose_complaint", step=step, value=value, ticket=self.ticket))

    def sends_a_file(self) -> Turn:
        """A photo, as the platform tells of it."""
        number = self.sends("", IncomingKind.MEDIA)
        return self.hears(Said(intent="send_file", file=number, message=number))

    def hears(self, said: Said) -> Turn:
        """Any message while the form is open."""
        return self._remember(take_in(self.place, said, self.step, self.ticket, self.answers, self.memory))

    def sends(self, text: str, kind: IncomingKind = IncomingKind.TEXT) -> int:
        """The message itself; returns the id of its row."""
        self.sent += 1
        incoming = Incoming(external_id=f"m-{self.sent}", sender=Sender(platform_id="visitor"), kind=kind, text=text)
        accepted = accept(self.place.database, self.tenant.webchat, incoming)
        assert accepted.inbound_id is not None
        return accepted.inbound_id

    def booked(self, reference: str, service: str, plate: str = "") -> None:
        """A booking that this person made earlier."""
        document = {
            "service_name": service,
            "starts_at": datetime(2026, 11, 20, 10, tzinfo=UTC).isoformat(),
            "vehicle": {"model": "Avanza", "plate": plate} if plate else None,
        }
        with self.place.database.tenant(self.place.organisation_id) as session:
            conversation = session.get_one(Conversation, self.place.conversation_id)
            session.add(
                Draft(
                    reference=reference,
                    conversation_id=conversation.id,
                    contact_id=conversation.contact_id,
                    status=DraftStatus.BOOKED,
                    document=document,
                )
            )

    def tickets(self) -> list[Ticket]:
        """All tickets of the organisation, oldest first."""
        with self.place.database.tenant_reading(self.place.organisation_id) as session:
            return list(session.scalars(select(Ticket).order_by(Ticket.created_at)))

    def only_ticket(self) -> Ticket:
        """The one ticket that there is."""
        (ticket,) = self.tickets()
        return ticket

    def _remember(self, turn: Turn) -> Turn:
        self.ticket, self.answers, self.step, self.memory = turn.ticket, turn.answers, turn.step, turn.memory
        return turn


@pytest.fixture
def customer(database: Database, kilap: Tenant) -> Complainer:
    """Somebody who has written "halo"."""
    hello = Incoming(external_id="hello", sender=Sender(platform_id="visitor"), kind=IncomingKind.TEXT, text="halo")
    accepted = accept(database, kilap.webchat, hello)
    return Complainer(Place(database, kilap.id, accepted.conversation_id, "id"), kilap)
