"""One visit: a customer talks on the web chat until it is booked or patience ends, then the ERP is compared."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from benchmarks.customers.checking import faults_of, wrong_in_document
from benchmarks.customers.customer import Customer, GaveUp, Move
from benchmarks.customers.goals import Goal
from benchmarks.customers.understanding import Understood, understand
from ramah.booking.embedded.models import Booking
from ramah.cli.chat_seats import BOT, Answer, Seat, WebChatSeat
from ramah.lib.errors import RamahError
from ramah.store import Database

ORGANISATION = "kilap-auto"
BOOKED, HANDOVER = "booked", "handed to a person"
PATIENCE = 60.0
_REFERENCE = re.compile(r"RM-[A-Z0-9]+")


@dataclass
class Visit:
    """How one visit went. ``wrong`` maps fields of the ERP's document to (wanted, found)."""

    number: int
    goal: Goal
    style: str
    outcome: str = ""
    turns: int = 0
    least: int = 0
    repeated: list[str] = field(default_factory=list)
    misread: list[str] = field(default_factory=list)
    thrice: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    wrong: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    transcript: list[str] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether a booking was made."""
        return self.outcome == BOOKED

    @property
    def is_flawless(self) -> bool:
        """Complete, and nothing that the assistant did needs a look."""
        return self.is_complete and not (self.wrong or self.repeated or self.misread or self.thrice or self.faults)


def visit(url: str, database: Database, goal: Goal, style: str, seed: str, number: int) -> Visit:
    """Play one customer. Whatever goes wrong is its outcome."""
    result = Visit(number, goal, style)
    customer = Customer(goal, style, random.Random(seed))
    try:
        seat = WebChatSeat(url, ORGANISATION)
        try:
            _talk(customer, seat, result, database)
        finally:
            seat.close()
    except GaveUp as error:
        result.outcome = f"gave up: {error}"
    except RamahError as error:
        result.outcome = f"broken: {error}"
    result.turns, result.least = len(customer.moves), customer.least
    result.repeated, result.misread, result.thrice = customer.repeated, customer.misread, customer.heard_thrice
    return result


def _talk(customer: Customer, seat: Seat, result: Visit, database: Database) -> None:
    move = customer.open()
    while not result.outcome:
        answer = _exchange(seat, move, result)
        if len(move.texts) <= 1:
            # Messages in a row are answered one by one; there the same sentence may come twice.
            result.faults += faults_of(answer.bubbles, customer.goal.language)
        heard = understand(answer, customer.goal.language)
        if heard.booked is not None:
            result.outcome = BOOKED
            result.wrong = _compare(database, answer, customer.goal)
        elif answer.handled_by != BOT:
            result.outcome = HANDOVER
        elif not answer.bubbles:
            result.outcome = f"no answer within {PATIENCE:g} s"
        else:
            move = customer.next(heard)
            result.transcript.append(_thought(move, heard))


def _exchange(seat: Seat, move: Move, result: Visit) -> Answer:
    if move.tap is not None:
        result.transcript.append(f"> [{move.tap.title}]")
        seat.send(move.tap.title, move.tap.payload)
    for text in move.texts:
        result.transcript.append(f"> {text}")
        seat.send(text)
    answer = seat.answer(PATIENCE)
    for bubble in answer.bubbles:
        buttons = f"   [{'] ['.join(choice.title for choice in bubble.choices)}]" if bubble.choices else ""
        result.transcript.append(bubble.text + buttons)
    return answer


def _thought(move: Move, heard: Understood) -> str:
    return f"    ({move.reason}; asked: {heard.step})"


def _compare(database: Database, answer: Answer, goal: Goal) -> dict[str, tuple[Any, Any]]:
    found = _REFERENCE.search(answer.text)
    reference = found.group() if found else "none"
    with database.every_organisation_reading() as session:
        booking = session.scalars(select(Booking).where(Booking.name == f"BK-{reference}")).one_or_none()
    return wrong_in_document(booking.document, goal) if booking else {"document": (reference, None)}
