"""What a customer writes or photographs while waiting for a person is in their ticket, once."""

from __future__ import annotations

import pytest

from ramah.channels.content import IncomingKind
from ramah.desk.handover import take_over
from ramah.messaging.conversations import locked
from ramah.messaging.models import Conversation
from ramah.messaging.queueing import ask_for_person
from ramah.messaging.turn_runner import TurnRunner
from ramah.support.filing import TicketFiling
from ramah.support.models import TicketPriority
from ramah.support.tickets import Report, open_ticket
from tests.integration.conftest import ScriptedEngine, Tenant, defaults
from tests.integration.support.conftest import Complainer


@pytest.fixture
def runner(customer: Complainer, engine: ScriptedEngine) -> TurnRunner:
    """A worker that files; the greeting of the fixture is answered already."""
    running = TurnRunner(customer.place.database, engine, defaults(), "w1", filing=TicketFiling())
    assert running.run_one()
    return running


def complains_and_waits(customer: Complainer, text: str = "kurang bersih") -> None:
    """An open ticket, and the conversation in the queue."""
    open_ticket(customer.place.database, customer.tenant.id, customer.place.conversation_id, Report(text))
    waits(customer)


def waits(customer: Complainer) -> None:
    """The conversation is in the queue."""
    with customer.place.database.tenant(customer.tenant.id) as session:
        ask_for_person(session, locked(session, customer.place.conversation_id), "complaint")


def run_all(runner: TurnRunner) -> None:
    """All that is due."""
    while runner.run_one():
        pass


def test_words_and_files_are_added_once_each(customer: Complainer, runner: TurnRunner) -> None:
    complains_and_waits(customer)
    said = customer.sends("jok belakang masih kotor")
    photo = customer.sends("ini fotonya", IncomingKind.MEDIA)
    bare = customer.sends("", IncomingKind.MEDIA)
    run_all(runner)
    run_all(runner)
    ticket = customer.only_ticket()
    assert ticket.description.splitlines() == ["kurang bersih", "jok belakang masih kotor", "ini fotonya"]
    assert ticket.messages == [said, photo]
    assert ticket.photos == [photo, bare]


def test_what_follows_may_make_it_urgent(customer: Complainer, runner: TurnRunner) -> None:
    complains_and_waits(customer)
    customer.sends("ternyata pintunya lecet juga")
    run_all(runner)
    assert customer.only_ticket().priority == TicketPriority.URGENT
    with customer.place.database.tenant_reading(customer.tenant.id) as session:
        assert session.get_one(Conversation, customer.place.conversation_id).queue_rank == 0


def test_taps_and_the_wish_to_stop_are_no_part_of_it(customer: Complainer, runner: TurnRunner) -> None:
    complains_and_waits(customer)
    customer.sends("Ya", IncomingKind.TAP)
    customer.sends("STOP")
    run_all(runner)
    assert customer.only_ticket().description == "kurang bersih"


def test_without_a_ticket_nothing_is_made(customer: Complainer, runner: TurnRunner) -> None:
    waits(customer)
    customer.sends("halo, ada orang?")
    run_all(runner)
    assert customer.tickets() == []


def test_what_is_said_to_a_person_is_not_filed(customer: Complainer, runner: TurnRunner, kilap: Tenant) -> None:
    complains_and_waits(customer)
    take_over(customer.place.database, kilap.id, customer.place.conversation_id, kilap.alice)
    customer.sends("makasih ya")
    run_all(runner)
    assert customer.only_ticket().description == "kurang bersih"
