"""A dialogue over the real booking that can be locked in the ways in which dialogues lock.

It stands where the engine stands: it keeps the form's state, and leaves it when the platform says so. The way out is
the real action."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import select

from actions.care import Unstuck
from ramah.billing.paid import is_paid
from ramah.booking.conversation import take_in
from ramah.booking.heard import Heard
from ramah.booking.models import Draft, DraftStatus
from ramah.care import CareObserver
from ramah.channels.content import Incoming, IncomingKind, Sender
from ramah.messaging.engine_client import EngineClient, EngineError, EngineReply, EngineTurn, SayRequest, TurnRequest
from ramah.messaging.inbox import accept
from ramah.messaging.models import ChannelAccount
from ramah.messaging.thread import read_thread
from ramah.messaging.turn_runner import TurnRunner
from ramah.store import utc_now
from tests.integration.booking.customer import Customer
from tests.integration.booking.pieces import Piece
from tests.integration.conftest import defaults

LATE = timedelta(minutes=10)
FORM: list[dict[str, Any]] = [{"action": "booking_form"}]
ASKED_BY_THE_CUSTOMER = frozenset({"said", "tapped"})


class LockedDialogue(EngineClient):
    """The engine's stand-in of one conversation, and the worker that asks it."""

    def __init__(self, customer: Customer, account: ChannelAccount) -> None:
        self.customer = customer
        self.lock: Callable[[], EngineTurn] | None = None
        self.pieces: dict[str, Piece] = {}
        self._account = account
        self._number = 0
        self._seen = 0
        database = customer.place.database
        care = CareObserver(database, lambda session, draft: is_paid(session, draft.reference))
        self._runner = TurnRunner(database, self, defaults(), "w", observer=care)

    # The customer's side

    def hears(self, piece: Piece, *, late: bool = False) -> list[str]:
        """A message comes in and is answered; what the bot said."""
        self._number += 1
        self.pieces[piece.text] = piece
        written = utc_now() - (LATE if late else timedelta(0))
        incoming = Incoming(
            external_id=f"m-{self._number}",
            sender=Sender(platform_id="visitor-1"),
            kind=IncomingKind.TEXT,
            text=piece.text,
            sent_at=written,
        )
        accept(self.customer.place.database, self._account, incoming)
        while self._runner.run_one():
            pass
        return self._news()

    def _news(self) -> list[str]:
        place = self.customer.place
        with place.database.tenant_reading(place.organisation_id) as session:
            lines = read_thread(session, place.conversation_id, self._seen)
        self._seen = lines[-1].position
        return [line.text for line in lines if line.author == "bot"]

    # The engine's side

    def turn(self, request: TurnRequest) -> EngineTurn:
        """Answer as the dialogue does, or as its lock makes it."""
        if request.payload == "/unstuck":
            assert request.leaves_form
            return self._unstuck(request)
        if self.lock is not None:
            return self.lock()
        piece = self.pieces.get(request.text) or Piece(request.text)
        self.customer.says(piece.text, **piece.entities)
        return self._asking([notice.response for notice in self.customer.heard[-1].notices])

    def say(self, request: SayRequest) -> EngineTurn:
        """Say a response by its name."""
        return EngineTurn(replies=[EngineReply(text=request.response)])

    def _asking(self, before: list[str]) -> EngineTurn:
        question = self.customer.question()
        said = [*before, *question.before, f"{question.response} {dict(question.variables)}"]
        return self.in_the_form(*said, step=self.customer.expected)

    def in_the_form(self, *said: str, step: str | None) -> EngineTurn:
        """A turn that leaves the form asking for a step."""
        slots = {"requested_slot": step, "draft_id": self.customer.draft_id}
        return EngineTurn(
            replies=[EngineReply(text=text) for text in said],
            understood={"intent": {"name": "inform", "confidence": 0.9}},
            did=FORM,
            slots={name: value for name, value in slots.items() if value},
            language="id",
        )

    def _unstuck(self, request: TurnRequest) -> EngineTurn:
        self.lock = None
        message = {"intent": {"name": "unstuck"}, "text": "/unstuck", "message_id": request.message_id}
        slots = {"draft_id": self.customer.draft_id}
        tracker = Tracker(self.customer.place.conversation_id, slots, message, [], False, None, {}, None)
        dispatcher = CollectingDispatcher()
        events = asyncio.run(Unstuck().run(dispatcher, tracker, {}))
        said = [str(uttered["response"]) for uttered in dispatcher.messages]
        view = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
        self.customer.expected, self.customer.draft_id = view.get("requested_slot"), view.get("draft_id")
        if not any(event["event"] == "followup" for event in events):
            return EngineTurn(replies=[EngineReply(text=text) for text in said], did=[{"action": "action_unstuck"}])
        # As the form does when it is entered: it validates, then it asks.
        heard = Heard(intent="unstuck", message=request.message_id)
        outcome = take_in(self.customer.place, heard, self.customer.expected, self.customer.draft_id)
        self.customer.expected = outcome.step
        return self._asking(said)

    # The locks

    def rows(self) -> list[Draft]:
        """The conversation's drafts."""
        place = self.customer.place
        with place.database.tenant_reading(place.organisation_id) as session:
            return list(session.scalars(select(Draft).where(Draft.conversation_id == place.conversation_id)))

    def change_drafts(self, change: Callable[[Draft], None]) -> None:
        """Do something to every draft behind the dialogue's back."""
        place = self.customer.place
        with place.database.tenant(place.organisation_id) as session:
            for row in session.scalars(select(Draft).where(Draft.conversation_id == place.conversation_id)):
                change(row)

    def same_words(self) -> None:
        """It asks one thing over and over."""
        self.lock = lambda: self.in_the_form("Mobilnya apa, Kak?", step=self.customer.expected)

    def no_progress(self) -> None:
        """It asks in ever new words and hears nothing."""
        self.lock = lambda: self.in_the_form(f"Coba sekali lagi ({self._number})", step=self.customer.expected)

    def known_asked(self) -> None:
        """It asks what it was told."""
        told = next(name for name, fact in self.rows()[-1].fields.items() if fact["source"] in ASKED_BY_THE_CUSTOMER)
        self.lock = lambda: self.in_the_form(f"Apa {told}-nya? ({self._number})", step=told)

    def draft_dropped(self) -> None:
        """Its form runs on without a draft."""
        self.change_drafts(lambda row: setattr(row, "status", DraftStatus.DROPPED))
        self.lock = lambda: self.in_the_form(f"Lanjut ({self._number})", step=self.customer.expected)

    def draft_mislaid(self) -> None:
        """No draft is marked as the one being filled, and it has forgotten which it was."""
        self.change_drafts(lambda row: setattr(row, "current", False))
        step, self.customer.draft_id = self.customer.expected, None
        self.lock = lambda: self.in_the_form(f"Lanjut ({self._number})", step=step)

    def nothing_asked(self) -> None:
        """The form is gone, the draft is not."""
        self.customer.expected = None

        def lost() -> EngineTurn:
            turn = self.in_the_form(f"Saya belum paham ({self._number})", step=None)
            return turn.model_copy(update={"did": [{"action": "action_fallback"}]})

        self.lock = lost

    def breaking(self) -> None:
        """An action fails at every message."""

        def fail() -> EngineTurn:
            raise EngineError("the action raised KeyError", "action_failed", operation="booking_form", permanent=True)

        self.lock = fail

    def overtaken(self) -> None:
        """It takes a message from long before the question for the answer to it."""
        self.lock = lambda: self.in_the_form(f"Oke ({self._number})", step=self.customer.expected)
