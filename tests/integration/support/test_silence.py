"""Somebody complains and falls silent: a person gets it all the same, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from ramah.messaging.models import Conversation, HandledBy
from ramah.messaging.queueing import ask_for_person
from ramah.store import utc_now
from ramah.support.models import TicketStatus
from ramah.support.silence import hand_over_silent
from ramah.support.tickets import set_status
from tests.integration.support.conftest import Complainer


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The present, standing still."""
    with time_machine.travel(utc_now(), tick=False) as traveller:
        yield traveller


def handled_by(customer: Complainer) -> tuple[str, str | None]:
    """Who has the conversation, and why."""
    with customer.place.database.tenant_reading(customer.place.organisation_id) as session:
        conversation = session.get_one(Conversation, customer.place.conversation_id)
        return conversation.handled_by, conversation.handover_reason


def change(customer: Complainer, hands: HandledBy) -> None:
    """The conversation changes hands."""
    with customer.place.database.tenant(customer.place.organisation_id) as session:
        session.get_one(Conversation, customer.place.conversation_id).handled_by = hands


def test_a_question_left_open_goes_to_a_person_after_ten_minutes(
    customer: Complainer, clock: time_machine.Traveller
) -> None:
    customer.begins("pintu mobil saya lecet")
    clock.shift(timedelta(minutes=9))
    assert not hand_over_silent(customer.place.database)
    clock.shift(timedelta(minutes=2))
    assert hand_over_silent(customer.place.database)
    assert handled_by(customer) == (HandledBy.QUEUE, "complaint")
    assert not hand_over_silent(customer.place.database)


def test_a_complaint_that_people_had_is_not_given_to_them_again(
    customer: Complainer, clock: time_machine.Traveller
) -> None:
    customer.begins("pintu mobil saya lecet")
    with customer.place.database.tenant(customer.place.organisation_id) as session:
        ask_for_person(session, session.get_one(Conversation, customer.place.conversation_id), "complaint")
    assert hand_over_silent(customer.place.database)
    change(customer, HandledBy.BOT)
    clock.shift(timedelta(hours=1))
    assert not hand_over_silent(customer.place.database)
    assert handled_by(customer)[0] == HandledBy.BOT


def test_a_complaint_taken_back_is_left_alone(customer: Complainer, clock: time_machine.Traveller) -> None:
    turn = customer.begins("pintu mobil saya lecet")
    assert turn.ticket is not None
    set_status(customer.place.database, customer.place.organisation_id, turn.ticket, TicketStatus.SOLVED)
    clock.shift(timedelta(hours=1))
    assert not hand_over_silent(customer.place.database)
