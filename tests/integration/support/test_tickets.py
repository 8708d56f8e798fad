"""Tickets in the database: isolation, priorities that only rise, settling and taking up again."""

from __future__ import annotations

import pytest

from ramah.lib.errors import NotFound
from ramah.mood import Mood, MoodLabel
from ramah.support.models import Category, TicketPriority, TicketStatus
from ramah.support.tickets import (
    Report,
    add_to_ticket,
    find_ticket,
    open_ticket,
    open_tickets,
    set_status,
    tickets_of_contact,
)
from tests.integration.conftest import Tenant
from tests.integration.support.conftest import Complainer

ANGRY = Mood(MoodLabel.ANGER, 0.9, urgent=False)


def _open(customer: Complainer, text: str, mood: Mood | None = None) -> str:
    place = customer.place
    return open_ticket(place.database, place.organisation_id, place.conversation_id, Report(text, mood)).reference


def test_another_organisation_sees_and_changes_no_ticket(customer: Complainer, stranger: Tenant) -> None:
    place, reference = customer.place, _open(customer, "masih kotor")
    assert find_ticket(place.database, stranger.id, place.conversation_id, reference) is None
    with pytest.raises(NotFound):
        add_to_ticket(place.database, stranger.id, reference, Report("diam-diam"))
    with pytest.raises(NotFound):
        set_status(place.database, stranger.id, reference, TicketStatus.SOLVED)


def test_a_priority_only_rises(customer: Complainer) -> None:
    place, reference = customer.place, _open(customer, "masih kotor")
    assert customer.only_ticket().priority == TicketPriority.NORMAL
    add_to_ticket(place.database, place.organisation_id, reference, Report("ada yang lecet juga"))
    assert (customer.only_ticket().priority, customer.only_ticket().category) == ("urgent", Category.DAMAGE)
    add_to_ticket(place.database, place.organisation_id, reference, Report("ya sudah"))
    assert customer.only_ticket().priority == TicketPriority.URGENT


def test_anger_is_urgent_whatever_it_is_about(customer: Complainer) -> None:
    _open(customer, "masih kotor", ANGRY)
    assert customer.only_ticket().priority == TicketPriority.URGENT


def test_a_solved_ticket_is_not_open_and_more_words_open_it_again(customer: Complainer) -> None:
    place, reference = customer.place, _open(customer, "masih kotor")
    set_status(place.database, place.organisation_id, reference, TicketStatus.SOLVED)
    with place.database.tenant_reading(place.organisation_id) as session:
        assert open_tickets(session, place.conversation_id) == []
        assert len(tickets_of_contact(session, customer.only_ticket().contact_id, 5)) == 1
    add_to_ticket(place.database, place.organisation_id, reference, Report("masih begitu juga"))
    assert customer.only_ticket().status == TicketStatus.REOPENED


def test_a_new_matter_after_a_solved_one_is_a_new_ticket(customer: Complainer) -> None:
    place, reference = customer.place, _open(customer, "masih kotor")
    set_status(place.database, place.organisation_id, reference, TicketStatus.SOLVED)
    assert _open(customer, "masih kotor lagi") != reference


def test_a_very_long_complaint_is_kept_up_to_a_limit(customer: Complainer) -> None:
    _open(customer, "kotor " * 5000)
    assert 7_000 < len(customer.only_ticket().description) <= 8_000
