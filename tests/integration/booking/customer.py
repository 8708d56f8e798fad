"""A customer at the booking form: says and taps what a person would, and sees what the form made of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta

import time_machine
from sqlalchemy import select

from ramah.booking.context import Place
from ramah.booking.conversation import Outcome, question_for, take_in
from ramah.booking.heard import Heard, Pin, Tap
from ramah.booking.models import Draft
from ramah.booking.questions import Question
from ramah.booking.submission import Submission, submit
from ramah.channels.content import Incoming, IncomingKind, Sender
from ramah.integrations.erp.document import BookingDocument
from ramah.messaging.accounts import find_account
from ramah.messaging.inbox import accept
from ramah.store import Database

BETWEEN_MESSAGES = timedelta(seconds=20)


@dataclass
class Customer:
    """One person in one conversation. ``expected`` and ``draft_id`` are what the dialogue would remember."""

    place: Place
    clock: time_machine.Traveller
    expected: str | None = None
    draft_id: str | None = None
    heard: list[Outcome] = field(default_factory=list)
    sent: int = 0

    def says(self, text: str, intent: str = "inform", **entities: str) -> Outcome:
        """Type a message; ``entities`` are the closed-class ones that the engine found."""
        return self._sends(Heard(text=text, intent=intent, entities=entities))

    def taps(self, value: str, step: str | None = None, draft: str | None = None, nonce: str | None = None) -> Outcome:
        """Tap a button, by default one of the question on the screen."""
        asked = self.expected or "" if step is None else step
        under = self.nonce if nonce is None else nonce
        return self._sends(Heard(text=value, intent="choose", tap=Tap(draft or self.tag, asked, value, under)))

    def taps_choice(self, payload: str) -> Outcome:
        """Tap the button with this payload."""
        words = json.loads(payload.removeprefix("/choose"))
        return self.taps(words["value"], words["step"], words["draft"], words["nonce"])

    def replies(self, text: str, to: str, intent: str = "inform") -> Outcome:
        """Quote an old answer: the one to the message with this id."""
        return self._sends(Heard(text=text, intent=intent, replied_to=to))

    def shares(self, latitude: float, longitude: float, words: str = "") -> Outcome:
        """Share a location."""
        return self._sends(Heard(intent="send_place", pin=Pin(latitude, longitude, words)))

    @property
    def nonce(self) -> str:
        """What the buttons on the screen carry."""
        return str(self.heard[-1].draft.round) if self.heard else ""

    @property
    def tag(self) -> str:
        """What the buttons of the present draft carry."""
        return (self.draft_id or "")[:8]

    @property
    def facts(self) -> dict[str, str]:
        """The facts of the draft after the last message."""
        return dict(self.heard[-1].draft.facts)

    @property
    def notices(self) -> list[str]:
        """What the last message was answered with before the question."""
        return [notice.response for notice in self.heard[-1].notices]

    def question(self) -> Question:
        """The question on the screen."""
        assert self.expected is not None
        return question_for(self.place, self.expected, self.draft_id)

    def submits(self) -> Submission:
        """The form is complete: what the dialogue does then."""
        return submit(self.place, self.draft_id)

    def speaks(self, language: str) -> Customer:
        """Go on in another language."""
        self.place = replace(self.place, language=language)
        return self

    def forgets_the_dialogue(self) -> None:
        """The form ended; the next message begins a new one."""
        self.expected, self.draft_id = None, None

    def row(self) -> Draft:
        """The draft as stored."""
        with self.place.database.tenant_reading(self.place.organisation_id) as session:
            return session.get_one(Draft, self.draft_id)

    def document(self) -> BookingDocument:
        """The document of the draft as stored."""
        return BookingDocument.model_validate(self.row().document)

    def drafts(self) -> list[Draft]:
        """All drafts of the conversation."""
        with self.place.database.tenant_reading(self.place.organisation_id) as session:
            rows = select(Draft).where(Draft.conversation_id == self.place.conversation_id)
            return list(session.scalars(rows.order_by(Draft.created_at)))

    def waits(self, pause: timedelta) -> Customer:
        """Say nothing for a while."""
        self.clock.shift(pause)
        return self

    def _sends(self, heard: Heard) -> Outcome:
        self.clock.shift(BETWEEN_MESSAGES)
        self.sent += 1
        heard = replace(heard, message=heard.message or str(self.sent))
        outcome = take_in(self.place, heard, self.expected, self.draft_id)
        self.heard.append(outcome)
        self.expected, self.draft_id = outcome.step, outcome.draft.id
        return outcome


@dataclass(frozen=True)
class Door:
    """Where customers come in: an organisation's web chat or WhatsApp number."""

    database: Database
    clock: time_machine.Traveller
    kind: str
    public_key: str

    def enter(self, who: str, language: str | None, *, phone: str | None = None, name: str | None = None) -> Customer:
        """A person writes for the first time, or again. ``phone`` is what the channel proves."""
        account = find_account(self.database, self.kind, self.public_key)
        sender = Sender(platform_id=who, name=name, phone=phone)
        first = Incoming(external_id=f"hello-{who}", sender=sender, kind=IncomingKind.TEXT, text="halo")
        accepted = accept(self.database, account, first)
        place = Place(self.database, account.organisation_id, accepted.conversation_id, language)
        return Customer(place, self.clock)
