"""A turn of a complaint is tried again in a sandbox, as if its ticket had not been written yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ramah.booking.rewinding import Then
from ramah.lib.sandbox import Sandbox, inside
from ramah.store import discarding, utc_now
from ramah.support.models import TicketStatus
from ramah.support.rewinding import rewind_tickets
from ramah.support.tickets import set_status
from tests.integration.support.conftest import Complainer


@contextmanager
def tried_again(customer: Complainer, then: Then) -> Iterator[None]:
    """What runs inside is a trial of that turn."""
    with inside(Sandbox(then.moment, "a run")), discarding():
        with customer.place.database.tenant(customer.place.organisation_id) as session:
            rewind_tickets(session, then)
        yield


def now(customer: Complainer, message: int) -> Then:
    return Then(customer.place.conversation_id, str(message), utc_now())


def test_a_complaint_opens_its_ticket_again_and_the_real_one_stays(customer: Complainer) -> None:
    then = now(customer, 1)
    customer.begins("mobil saya masih kotor sekali")
    real = customer.only_ticket()
    with tried_again(customer, then):
        assert customer.tickets() == []
        customer.begins("mobil saya masih kotor sekali")
        assert customer.only_ticket().reference != real.reference
    assert customer.only_ticket().reference == real.reference


def test_a_ticket_that_was_settled_since_is_open_and_lacks_the_later_messages(customer: Complainer) -> None:
    customer.begins("mobil saya masih kotor sekali")
    ticket = customer.only_ticket()
    then = now(customer, ticket.messages[-1] + 1)
    customer.says("dan joknya basah")
    place = customer.place
    set_status(place.database, place.organisation_id, ticket.reference, TicketStatus.SOLVED)
    after = customer.only_ticket()
    assert len(after.messages) == 2 and after.status == TicketStatus.SOLVED
    with tried_again(customer, then):
        found = customer.only_ticket()
        assert (found.messages, found.status, found.solved_at) == (ticket.messages, TicketStatus.OPEN, None)
    assert customer.only_ticket().status == TicketStatus.SOLVED
