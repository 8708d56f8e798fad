"""Complaints on the running stack: a ticket at once, few questions, a person."""

from __future__ import annotations

from sqlalchemy import select

from ramah.messaging.models import HandledBy
from ramah.support.models import Ticket
from tests.conversation.chats import Chat, WebChat
from tests.stack import Stack


def tickets_of(chat: Chat) -> list[Ticket]:
    """The tickets of a conversation."""
    conversation = chat.conversation()
    with chat.stack.database.tenant_reading(conversation.organisation_id) as session:
        return list(session.scalars(select(Ticket).where(Ticket.conversation_id == conversation.id)))


def test_a_complaint_asks_for_a_photo_and_goes_to_a_person(stack: Stack) -> None:
    chat = WebChat(stack)
    answer = chat.say("pintu mobil saya lecet habis dicuci kemarin")
    (ticket,) = tickets_of(chat)
    assert ticket.reference in answer, chat.transcript()
    assert chat.conversation().handled_by == HandledBy.BOT
    assert ticket.reference in chat.tap("Tidak ada foto"), chat.transcript()
    conversation = chat.conversation()
    assert (conversation.handled_by, conversation.handover_reason) == (HandledBy.QUEUE, "complaint")


def test_a_complaint_in_the_middle_of_a_booking_by_somebody_furious(stack: Stack) -> None:
    chat = WebChat(stack)
    chat.say("mau booking cuci premium")
    chat.say("PARAH BANGET, kecewa saya, kemarin mobil saya lecet!!!")
    (ticket,) = tickets_of(chat)
    assert ticket.priority == "urgent"
    assert chat.conversation().handled_by == HandledBy.QUEUE, chat.transcript()
