"""Booking turns as values: folders in memory, the car-care organisation, a Monday morning; no database."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta

from ramah.booking.context import BookingContext
from ramah.booking.deciding import Outcome, decide
from ramah.booking.drafts import DraftView
from ramah.booking.folders import Folders
from ramah.booking.heard import Heard, Tap
from ramah.booking.known import KnownCustomer
from ramah.booking.models import DraftStatus
from ramah.booking.questions import Asking, Question, ask
from ramah.booking.submission import build_document
from ramah.integrations.erp.document import BookingDocument
from ramah.messaging.models import Conversation
from ramah.people import Contact, Organisation
from tests.unit.booking.kilap import MONDAY_MORNING, catalogue, outlets

NOBODY = KnownCustomer({})


def context() -> BookingContext:
    """Everything free, nobody known, Indonesian."""
    return BookingContext(
        organisation=Organisation(
            slug="kilap-auto", language="id", country="ID", booking_horizon_days=60, profile={"asks_vehicle": True}
        ),
        outlets=outlets(),
        contact=Contact(id="contact", phone=None),
        conversation=Conversation(id="conversation"),
        channel="webchat",
        catalogue=catalogue(),
        taken=lambda *_: [],
        language="id",
        now=MONDAY_MORNING.astimezone(UTC),
    )


@dataclass
class Desk:
    """One conversation. Each message is a moment later than the one before."""

    context: BookingContext = field(default_factory=context)
    folders: Folders = field(default_factory=Folders)
    expected: str | None = None
    outcome: Outcome | None = None
    messages: int = 0

    def hears(self, heard: Heard) -> Outcome:
        """Take in one message, as the action server does."""
        self.messages += 1
        heard = replace(heard, message=heard.message or str(self.messages))
        self.folders, self.outcome = decide(self.folders, heard, self.expected, self.context, NOBODY)
        self.expected = self.outcome.step
        later = self.context.now + timedelta(seconds=20)
        self.folders = self.folders.kept(replace(self.current, updated_at=self.context.now))
        self.context = replace(self.context, now=later)
        return self.outcome

    def says(self, text: str, intent: str = "inform", **entities: str) -> Outcome:
        """Type a message."""
        return self.hears(Heard(text=text, intent=intent, entities=entities))

    def taps(self, tap: Tap) -> Outcome:
        """Tap a button."""
        return self.hears(Heard(intent="choose", tap=tap))

    @property
    def current(self) -> DraftView:
        """The draft in hand."""
        draft = self.folders.current
        assert draft is not None
        return draft

    def question(self) -> Question:
        """What stands on the screen."""
        return ask(self.expected or "confirmation", Asking(self.current, self.context, NOBODY, self.folders))

    def document(self, draft: DraftView) -> BookingDocument:
        """What would go to the ERP."""
        return build_document(draft, self.context)

    def books(self) -> BookingDocument:
        """The form is complete: the draft in hand ends."""
        document = self.document(self.current)
        self.folders = self.folders.kept(replace(self.current, status=DraftStatus.BOOKED, current=False))
        self.expected = None
        return document


def tap_of(payload: str) -> Tap:
    """The tap of the button with this payload."""
    words = json.loads(payload.removeprefix("/choose"))
    return Tap(words["draft"], words["step"], words["value"], words["nonce"])
