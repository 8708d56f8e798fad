"""Operators work on a ticket; the customer hears of what concerns them, once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ramah.desk.handover import take_over
from ramah.lib.errors import NotFound, Refused
from ramah.messaging.models import Inbound
from ramah.support.models import Ticket, TicketEntry, TicketStatus
from ramah.support.tickets import Report, open_ticket
from ramah.support.working import Worker, move_ticket, note_on_ticket, take_ticket
from tests.integration.conftest import Tenant
from tests.integration.support.conftest import Complainer


@pytest.fixture
def reference(customer: Complainer) -> str:
    """An open ticket of the customer."""
    place = customer.place
    report = Report("bemper penyok")
    return open_ticket(place.database, place.organisation_id, place.conversation_id, report).reference


def told(customer: Complainer) -> list[str]:
    """What the bot shall say by itself."""
    with customer.place.database.tenant_reading(customer.place.organisation_id) as session:
        rows = session.scalars(select(Inbound).where(Inbound.kind == "say").order_by(Inbound.id))
        return [row.raw["response"] for row in rows]


def moved(customer: Complainer, reference: str, staff: str, *statuses: TicketStatus) -> None:
    """Set one status after the other."""
    for status in statuses:
        move_ticket(customer.place.database, customer.place.organisation_id, reference, Worker(staff), status)


def test_taking_a_ticket_tells_the_customer_once(customer: Complainer, kilap: Tenant, reference: str) -> None:
    for _ in range(2):
        taken = take_ticket(customer.place.database, kilap.id, reference, Worker(kilap.alice))
        assert (taken.assigned_to, taken.status) == (kilap.alice, TicketStatus.WORKING)
    moved(customer, reference, kilap.alice, TicketStatus.OPEN, TicketStatus.WORKING)
    assert told(customer) == ["utter_ticket_taken"]


def test_solving_tells_the_customer_each_time_it_is_solved(customer: Complainer, kilap: Tenant, reference: str) -> None:
    moved(customer, reference, kilap.alice, TicketStatus.SOLVED, TicketStatus.SOLVED)
    moved(customer, reference, kilap.alice, TicketStatus.WAITING, TicketStatus.SOLVED)
    assert told(customer) == ["utter_ticket_solved"] * 2
    assert customer.only_ticket().solved_at is not None


def test_who_talks_to_the_customer_need_not_be_announced(customer: Complainer, kilap: Tenant, reference: str) -> None:
    take_over(customer.place.database, kilap.id, customer.place.conversation_id, kilap.alice)
    take_ticket(customer.place.database, kilap.id, reference, Worker(kilap.alice))
    assert told(customer) == []


def test_a_note_is_written_once_and_never_told(customer: Complainer, kilap: Tenant, reference: str) -> None:
    for _ in range(2):
        note_on_ticket(customer.place.database, kilap.id, reference, Worker(kilap.alice), "sudah ditelepon", "n1")
    with customer.place.database.tenant_reading(kilap.id) as session:
        (entry,) = session.scalars(select(TicketEntry))
        assert (entry.text, entry.staff_id) == ("sudah ditelepon", kilap.alice)
    assert told(customer) == []


def test_a_solved_ticket_is_not_taken(customer: Complainer, kilap: Tenant, reference: str) -> None:
    moved(customer, reference, kilap.alice, TicketStatus.SOLVED)
    with pytest.raises(Refused, match="solved"):
        take_ticket(customer.place.database, kilap.id, reference, Worker(kilap.bob))


def test_a_colleague_does_not_take_it_away_but_a_supervisor_does(
    customer: Complainer, kilap: Tenant, reference: str
) -> None:
    take_ticket(customer.place.database, kilap.id, reference, Worker(kilap.alice))
    with pytest.raises(Refused, match="Alice has this ticket"):
        take_ticket(customer.place.database, kilap.id, reference, Worker(kilap.bob))
    take_ticket(customer.place.database, kilap.id, reference, Worker(kilap.bob, may_take_from_others=True))
    with customer.place.database.tenant_reading(kilap.id) as session:
        assert session.scalars(select(Ticket.assigned_to)).all() == [kilap.bob]


def test_another_organisation_has_no_such_ticket(customer: Complainer, stranger: Tenant, reference: str) -> None:
    with pytest.raises(NotFound):
        take_ticket(customer.place.database, stranger.id, reference, Worker(stranger.alice))
